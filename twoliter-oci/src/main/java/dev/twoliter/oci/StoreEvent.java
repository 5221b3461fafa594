package dev.twoliter.oci;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Something that happened between an {@link ImageStore} and a registry. Holds no secrets. New kinds will be added: keep a
 * default branch.
 */
public sealed interface StoreEvent {

    /**
     * A blob has got further on its way to a registry.
     *
     * @param repository the repository's reference
     * @param blob which
     * @param bytes how many of its bytes are there; less than before when an upload had to begin anew
     */
    record Uploaded(String repository, Descriptor blob, long bytes) implements StoreEvent {}

    /**
     * A registry asked for credentials, and they were looked for.
     *
     * @param registry the registry's host
     * @param repository the repository's full name there
     * @param tried where they were looked for, in order, as far as it went
     * @param found where they were found; empty if nowhere
     */
    record CredentialsResolved(String registry, String repository, List<String> tried, Optional<String> found)
            implements StoreEvent {
        public CredentialsResolved {
            tried = List.copyOf(tried);
        }
    }

    /**
     * A request failed and will be made again.
     *
     * @param repository the repository's reference
     * @param action what it was to do
     * @param because why it failed
     * @param pause how long is waited before
     */
    record Retrying(String repository, String action, String because, Duration pause) implements StoreEvent {}

    /**
     * A mirror failed, so the next one or the registry itself is asked.
     *
     * @param mirror the mirror
     * @param because why
     */
    record MirrorSkipped(String mirror, String because) implements StoreEvent {}
}
