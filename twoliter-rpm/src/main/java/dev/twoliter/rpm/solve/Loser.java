package dev.twoliter.rpm.solve;

import dev.twoliter.rpm.repo.RepoPackage;
import java.util.Objects;

/**
 * A package that could have stood in the place of a chosen one.
 *
 * @param pkg the package
 * @param repo the name of its repository
 * @param because why it was not taken, for people
 */
public record Loser(RepoPackage pkg, String repo, String because) {
    public Loser {
        Objects.requireNonNull(pkg, "pkg");
        Objects.requireNonNull(repo, "repo");
        Objects.requireNonNull(because, "because");
    }

    /** {@return the full name, the repository and the reason} */
    @Override
    public String toString() {
        return pkg.nevra() + " from " + repo + ": " + because;
    }
}
