package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.ImageRef;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The registries that a run talks to, each opened once. Thread-safe. */
public final class Registries implements AutoCloseable {

    private final StoreOptions options;
    private final Map<String, ImageStore> stores = new LinkedHashMap<>();

    /**
     * Prepares access.
     *
     * @param projectDirectory what {@code oci:DIR} is relative to
     * @param jobs how many transfers may run at once
     */
    public Registries(Path projectDirectory, int jobs) {
        this.options = StoreOptions.builder()
                .baseDirectory(projectDirectory)
                .parallelism(jobs)
                .build();
    }

    /**
     * {@return the repository of an image}
     *
     * @param image the image
     */
    public synchronized Repository repository(ImageRef image) {
        return stores.computeIfAbsent(image.registry(), registry -> ImageStore.open(registry, options))
                .repository(image.repository());
    }

    @Override
    public synchronized void close() {
        stores.values().forEach(ImageStore::close);
        stores.clear();
    }
}
