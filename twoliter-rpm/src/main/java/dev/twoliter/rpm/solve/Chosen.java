package dev.twoliter.rpm.solve;

import dev.twoliter.rpm.repo.RepoPackage;
import java.util.List;
import java.util.Objects;

/**
 * A package that is part of a solution.
 *
 * @param pkg the package
 * @param repo the name of its repository
 * @param because why it, or another in its place, is needed
 * @param losers the packages that could have stood in its place: those that satisfy the same dependency, and those of
 *     the same name
 */
public record Chosen(RepoPackage pkg, String repo, Reason because, List<Loser> losers) {
    public Chosen {
        Objects.requireNonNull(pkg, "pkg");
        Objects.requireNonNull(repo, "repo");
        Objects.requireNonNull(because, "because");
        losers = List.copyOf(losers);
    }
}
