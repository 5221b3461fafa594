package dev.twoliter.rpm.repo;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A repository's index that was written.
 *
 * @param repomd the file {@code repodata/repomd.xml}
 * @param packages how many packages it lists
 */
public record RepoIndex(Path repomd, int packages) {
    public RepoIndex {
        Objects.requireNonNull(repomd, "repomd");
    }
}
