package dev.twoliter.rpm.repo;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A repository's index that was written.
 *
 * @param repomd the file {@code repodata/repomd.xml}
 * @param packages how many packages it lists
 * @param read how many of them had to be read; the others are listed as in the index before
 */
public record RepoIndex(Path repomd, int packages, int read) {
    public RepoIndex {
        Objects.requireNonNull(repomd, "repomd");
    }
}
