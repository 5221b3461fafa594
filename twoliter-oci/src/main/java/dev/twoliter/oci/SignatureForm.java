package dev.twoliter.oci;

/** How a signature is kept beside an image. */
public enum SignatureForm {
    /** cosign's classic form: a layer of the image that is tagged {@code sha256-HEX.sig}; every release reads it. */
    TAG,
    /** A sigstore bundle of version 0.3 that refers to the image (OCI 1.1); what cosign writes since 3.0. */
    BUNDLE
}
