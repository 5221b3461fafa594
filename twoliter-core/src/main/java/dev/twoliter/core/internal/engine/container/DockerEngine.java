package dev.twoliter.core.internal.engine.container;

/** Runs steps with {@code docker}. Thread-safe. */
public final class DockerEngine extends ContainerEngine {

    /** For {@link java.util.ServiceLoader}. */
    public DockerEngine() {
        super("docker", 20);
    }
}
