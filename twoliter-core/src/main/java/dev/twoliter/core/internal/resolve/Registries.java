package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.ImageRef;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The registries that a run talks to, each opened once; offline, only those on disk. Thread-safe. */
public final class Registries implements AutoCloseable {

    private final StoreOptions options;
    private final boolean offline;
    private final Map<String, ImageStore> stores = new LinkedHashMap<>();
    private final Map<String, Repository> repositories = new LinkedHashMap<>();

    /**
     * Prepares access.
     *
     * @param projectDirectory what {@code oci:DIR} is relative to
     * @param jobs how many transfers may run at once
     * @param offline whether no connection may be made
     */
    public Registries(Path projectDirectory, int jobs, boolean offline) {
        this.options = StoreOptions.builder()
                .baseDirectory(projectDirectory)
                .parallelism(jobs)
                .build();
        this.offline = offline;
    }

    /**
     * {@return whether an image's registry can be asked: one on disk always, another only with a network}
     *
     * @param image the image
     */
    boolean reaches(ImageRef image) {
        return !offline || image.registry().startsWith(ImageStore.LAYOUT_PREFIX);
    }

    /**
     * {@return the repository of an image; one that refuses everything where it cannot be reached}
     *
     * @param image the image
     */
    public synchronized Repository repository(ImageRef image) {
        if (!reaches(image)) {
            return new OfflineRepository(image);
        }
        // One object for each repository: it keeps the token that the registry gave it.
        return repositories.computeIfAbsent(
                image.registry() + "/" + image.repository(),
                name -> stores.computeIfAbsent(image.registry(), registry -> ImageStore.open(registry, options))
                        .repository(image.repository()));
    }

    @Override
    public synchronized void close() {
        stores.values().forEach(ImageStore::close);
        stores.clear();
        repositories.clear();
    }
}
