package dev.twoliter.oci.internal.jib;

import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;

/** A registry. */
public final class JibRegistry implements ImageStore {
    private final String registry;

    public JibRegistry(String registry, StoreOptions options) {
        this.registry = registry;
    }

    @Override
    public Repository repository(String name) {
        throw new IllegalStateException(registry);
    }

    @Override
    public void close() {}
}
