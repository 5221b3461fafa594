package dev.twoliter.core.internal.engine.container;

/** Runs steps with {@code podman}. Thread-safe. */
public final class PodmanEngine extends ContainerEngine {

    /** For {@link java.util.ServiceLoader}. */
    public PodmanEngine() {
        super("podman", 10);
    }
}
