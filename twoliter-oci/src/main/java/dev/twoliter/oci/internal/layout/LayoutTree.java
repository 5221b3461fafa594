package dev.twoliter.oci.internal.layout;

import dev.twoliter.api.RegistryException;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Repository;
import java.nio.file.Path;

/** A directory with one OCI image layout for each repository. Thread-safe, also across processes. */
public final class LayoutTree implements ImageStore {

    private final String registry;
    private final Path directory;

    /**
     * Opens a tree, which need not exist.
     *
     * @param registry {@code oci:DIR} as the user wrote it, for messages
     * @param directory the directory
     */
    public LayoutTree(String registry, Path directory) {
        this.registry = registry;
        this.directory = directory;
    }

    @Override
    public Repository repository(String name) {
        Path path = directory.resolve(name).normalize();
        if (name.isEmpty() || !path.startsWith(directory) || path.equals(directory)) {
            throw new RegistryException(
                    registry,
                    name,
                    0,
                    false,
                    "'" + name + "' is not the name of a repository",
                    "Correct the name.",
                    null);
        }
        return new LayoutRepository(registry, name, path);
    }

    @Override
    public void close() {}
}
