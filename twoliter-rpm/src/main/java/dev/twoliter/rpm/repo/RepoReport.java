package dev.twoliter.rpm.repo;

import java.util.List;
import java.util.Objects;

/**
 * What {@link RepoChecker} found. Immutable, thread-safe.
 *
 * @param packages how many packages the index lists; 0 when it could not be read
 * @param metadataFiles how many files {@code repomd.xml} names
 * @param problems what is wrong; empty when all is well
 * @param unlisted packages in the directory that the index does not list, which may be intended
 */
public record RepoReport(int packages, int metadataFiles, List<Problem> problems, List<String> unlisted) {
    public RepoReport {
        problems = List.copyOf(problems);
        unlisted = List.copyOf(unlisted);
    }

    /** {@return whether nothing is wrong} */
    public boolean isGood() {
        return problems.isEmpty();
    }

    /**
     * Something that is wrong.
     *
     * @param file the path relative to the repository
     * @param message what is wrong with it
     */
    public record Problem(String file, String message) {
        public Problem {
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(message, "message");
        }
    }
}
