package dev.twoliter.oci;

/** The media types that are read or written (OCI image specification 1.1, "Media Types"; cosign). */
public final class MediaTypes {

    public static final String INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    public static final String LAYER_TAR = "application/vnd.oci.image.layer.v1.tar";
    public static final String LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";

    /** Read only. */
    public static final String DOCKER_MANIFEST_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

    /** Read only. */
    public static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

    /** The layer of a cosign signature: the signed text. */
    public static final String COSIGN_PAYLOAD = "application/vnd.dev.cosign.simplesigning.v1+json";

    /** A sigstore bundle as it is written: one signature, with all that is needed to check it. */
    public static final String SIGSTORE_BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";

    /** How the type of every version of such a bundle begins. */
    static final String SIGSTORE_BUNDLES = "application/vnd.dev.sigstore.bundle";

    /** The configuration of what is no image: two braces (OCI image specification 1.1, "Guidelines for Artifact Usage"). */
    public static final String EMPTY = "application/vnd.oci.empty.v1+json";

    private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";

    private MediaTypes() {}

    /** The type that a layer has in an OCI manifest, where Docker's has another for the same bytes. */
    static String ociLayer(String type) {
        return switch (type) {
            case DOCKER_LAYER -> LAYER_TAR;
            case DOCKER_LAYER + ".gzip" -> LAYER_GZIP;
            case DOCKER_LAYER + ".zstd" -> LAYER_TAR + "+zstd";
            default -> type;
        };
    }
}
