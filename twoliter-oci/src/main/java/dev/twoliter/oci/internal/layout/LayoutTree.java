package dev.twoliter.oci.internal.layout;

import dev.twoliter.api.RegistryException;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Repository;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A directory with one OCI image layout for each repository. Thread-safe, also across processes. */
public final class LayoutTree implements ImageStore {

    /** OCI distribution specification 1.1, "Pulling manifests": {@code name}; with upper case, which kits may have. */
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9]+([._-]+[A-Za-z0-9]+)*(/[A-Za-z0-9]+([._-]+[A-Za-z0-9]+)*)*");

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
        if (NAME.matcher(name).matches()) {
            return new LayoutRepository(registry, name, directory);
        }
        throw new RegistryException(
                registry, name, 0, false, "'" + name + "' is not the name of a repository", "Correct the name.", null);
    }

    @Override
    public void close() {}
}
