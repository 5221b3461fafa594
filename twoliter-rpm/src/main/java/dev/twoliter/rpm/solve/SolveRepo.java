package dev.twoliter.rpm.solve;

import dev.twoliter.rpm.repo.RepoPackage;
import java.util.List;
import java.util.Objects;

/**
 * A repository to choose from.
 *
 * @param name for messages and {@link Chosen}
 * @param priority as in a {@code .repo} file: the lower wins; dnf's default is {@value #DEFAULT_PRIORITY}
 * @param packages what it has
 */
public record SolveRepo(String name, int priority, List<RepoPackage> packages) {
    /** The priority of a repository that names none. */
    public static final int DEFAULT_PRIORITY = 99;

    public SolveRepo {
        Objects.requireNonNull(name, "name");
        packages = List.copyOf(packages);
    }
}
