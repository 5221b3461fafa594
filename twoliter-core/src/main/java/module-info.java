/**
 * The implementation of {@link dev.twoliter.api.Twoliter}. Exports nothing; found at run time.
 *
 * @provides dev.twoliter.api.spi.TwoliterRuntime projects
 * @provides dev.twoliter.api.spi.BuildEngine the engines {@code embedded}, {@code docker}, {@code podman} and {@code host}
 */
@SuppressWarnings("requires-automatic")
module dev.twoliter.core {
    requires transitive dev.twoliter.api;
    requires dev.twoliter.rpm;
    requires dev.twoliter.oci;
    requires com.fasterxml.jackson.databind;
    requires org.apache.commons.compress;
    requires org.lz4.java;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.pkix;
    requires jsign.core;
    requires org.tukaani.xz;

    uses dev.twoliter.api.spi.BuildEngine;

    provides dev.twoliter.api.spi.TwoliterRuntime with
            dev.twoliter.core.internal.DefaultRuntime;
    provides dev.twoliter.api.spi.BuildEngine with
            dev.twoliter.core.internal.engine.EmbeddedEngine,
            dev.twoliter.core.internal.engine.container.DockerEngine,
            dev.twoliter.core.internal.engine.container.PodmanEngine,
            dev.twoliter.core.internal.engine.host.HostEngine;
}
