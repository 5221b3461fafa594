package dev.twoliter.rpm.solve;

import dev.twoliter.rpm.repo.RepoPackage;
import java.util.Objects;

/**
 * A package that is part of a solution.
 *
 * @param pkg the package
 * @param repo the name of its repository
 * @param because why
 */
public record Chosen(RepoPackage pkg, String repo, Reason because) {
    public Chosen {
        Objects.requireNonNull(pkg, "pkg");
        Objects.requireNonNull(repo, "repo");
        Objects.requireNonNull(because, "because");
    }
}
