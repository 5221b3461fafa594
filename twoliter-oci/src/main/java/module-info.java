/** The OCI formats as a library of its own: layouts, registries, indexes, layers and image signatures. */
@SuppressWarnings({"requires-automatic", "module"}) // core is compiled after this
module dev.twoliter.oci {
    requires transitive dev.twoliter.api;
    requires org.apache.commons.compress;
    requires com.github.luben.zstd_jni;
    requires org.bouncycastle.provider;
    requires com.fasterxml.jackson.databind;
    requires com.google.cloud.tools.jib;
    requires com.google.cloud.tools.jib.api.buildplan;
    // Jib is an automatic module: it sees other automatic modules, but of the explicit ones only what is required here.
    requires com.fasterxml.jackson.datatype.jsr310;
    requires org.objectweb.asm;

    exports dev.twoliter.oci;
    // Sources are downloaded as blobs are: same proxies, certificates and time limits.
    exports dev.twoliter.oci.internal.http to
            dev.twoliter.core;
}
