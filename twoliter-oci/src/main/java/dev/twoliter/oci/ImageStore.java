package dev.twoliter.oci;

import dev.twoliter.oci.internal.layout.LayoutTree;
import dev.twoliter.oci.internal.registry.RegistryStore;
import java.nio.file.Path;

/** A place that holds images: a registry, or a tree of OCI image layouts on disk. Thread-safe. */
public interface ImageStore extends AutoCloseable {

    /** What precedes the directory of a store on disk. */
    String LAYOUT_PREFIX = "oci:";

    /**
     * Opens a store.
     *
     * @param registry {@code host[:port]/path}, or {@code oci:DIR}: one OCI image layout for each repository below DIR
     * @param options how to reach it
     * @return the store; nothing is asked or made yet
     */
    static ImageStore open(String registry, StoreOptions options) {
        if (registry.startsWith(LAYOUT_PREFIX)) {
            Path directory = options.baseDirectory().resolve(registry.substring(LAYOUT_PREFIX.length()));
            return new LayoutTree(registry, directory);
        }
        return new RegistryStore(registry, options);
    }

    /**
     * {@return a repository; it need not exist}
     *
     * @param name its name
     */
    Repository repository(String name);

    /** Gives up connections. */
    @Override
    void close();
}
