package dev.twoliter.rpm.repo;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A repository that was read. Immutable, thread-safe.
 *
 * @param root its directory
 * @param revision of {@code repomd.xml}; empty when there is none
 * @param packages in the order of the metadata
 */
public record Repository(Path root, String revision, List<RepoPackage> packages) {
    public Repository {
        Objects.requireNonNull(root, "root");
        Objects.requireNonNull(revision, "revision");
        packages = List.copyOf(packages);
    }

    /**
     * {@return where a package of this repository is}
     *
     * @param pkg the package
     */
    public Path fileOf(RepoPackage pkg) {
        return root.resolve(pkg.href());
    }
}
