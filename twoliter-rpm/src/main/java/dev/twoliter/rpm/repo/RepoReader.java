package dev.twoliter.rpm.repo;

import dev.twoliter.rpm.RpmVerifier;
import dev.twoliter.rpm.internal.repo.RepodataReader;
import java.nio.file.Path;

/**
 * Reads the index of a repository: {@code repomd.xml} and what it names, plain or compressed with gzip, xz, zstd or
 * bzip2.
 */
public final class RepoReader {
    private RepoReader() {}

    /**
     * Reads an index: its primary metadata at once, after size and checksum are checked; filelists, checked too, when a
     * package is first asked for its files. zchunk is not supported.
     *
     * @param repoDir the directory that holds {@code repodata}
     * @return the repository
     * @throws dev.twoliter.api.StorageException if a file is missing or cannot be read
     * @throws dev.twoliter.api.FormatException if a file is malformed
     * @throws dev.twoliter.api.VerificationException if a file is not the one that {@code repomd.xml} names
     */
    public static Repository read(Path repoDir) {
        return new RepodataReader(repoDir, null).read();
    }

    /**
     * Reads an index that must be signed: {@code repomd.xml.asc} must be by a key of the verifier.
     *
     * @param repoDir the directory that holds {@code repodata}
     * @param verifier knows the trusted keys
     * @return the repository
     * @throws dev.twoliter.api.VerificationException also if the signature is missing, wrong or by another key
     */
    public static Repository read(Path repoDir, RpmVerifier verifier) {
        return new RepodataReader(repoDir, verifier).read();
    }
}
