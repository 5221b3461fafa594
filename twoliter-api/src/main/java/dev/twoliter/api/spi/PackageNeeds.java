package dev.twoliter.api.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What the graph gives a spec package to take its build requirements from, and nothing else (project-formats.md 4.9 and
 * 5.6). Immutable, thread-safe.
 *
 * @param packages directories that hold the RPMs of packages of this project, with priority over all kits
 * @param kits kits of this project and external ones, highest priority first
 */
public record PackageNeeds(List<Path> packages, List<Kit> kits) {

    /**
     * A kit.
     *
     * @param name the name of its repository: the kit's, or {@code VENDOR-NAME} for an external one
     * @param directory its yum repository, or a tree that holds it; there when the step is run
     */
    public record Kit(String name, Path directory) {
        public Kit {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(directory, "directory");
        }
    }

    public PackageNeeds {
        packages = List.copyOf(packages);
        kits = List.copyOf(kits);
    }

    /** {@return nothing} */
    public static PackageNeeds none() {
        return new PackageNeeds(List.of(), List.of());
    }
}
