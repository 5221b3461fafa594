/** The implementation: exports nothing, provides what {@link dev.twoliter.api.Arch the API} finds at run time. */
@SuppressWarnings("requires-automatic")
module dev.twoliter.core {
    requires transitive dev.twoliter.api;
    requires dev.twoliter.rpm;
    requires dev.twoliter.oci;
    requires com.fasterxml.jackson.databind;
    requires org.tomlj;
    requires org.lz4.java;
}
