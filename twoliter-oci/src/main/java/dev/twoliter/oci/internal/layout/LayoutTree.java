package dev.twoliter.oci.internal.layout;

import dev.twoliter.api.RegistryException;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Repository;
import java.nio.file.InvalidPathException;
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
        this.directory = directory.toAbsolutePath().normalize();
    }

    @Override
    public Repository repository(String name) {
        try {
            Path path = directory.resolve(name).normalize();
            if (path.startsWith(directory) && !path.equals(directory)) {
                return new LayoutRepository(registry, name, path);
            }
        } catch (InvalidPathException e) {
            // Refused below.
        }
        throw new RegistryException(
                registry, name, 0, false, "'" + name + "' is not the name of a repository", "Correct the name.", null);
    }

    @Override
    public void close() {}
}
