package dev.twoliter.rpm.repo;

import dev.twoliter.rpm.internal.repo.RepodataWriter;
import java.nio.file.Path;

/**
 * Writes the index of a repository, as createrepo_c does: primary, filelists and other as XML and as databases, and
 * repomd.xml.
 */
public final class RepoWriter {
    private RepoWriter() {}

    /**
     * Indexes a directory with the default options, see {@link #write(Path, RepoOptions)}.
     *
     * @param repoDir the directory
     * @return the index
     */
    public static RepoIndex write(Path repoDir) {
        return write(repoDir, RepoOptions.defaults());
    }

    /**
     * Indexes all files {@code *.rpm} below a directory (symbolic links are not followed) and writes
     * {@code repodata}. The new index takes effect at once, when {@code repomd.xml} is replaced; metadata files of the
     * index before are deleted then. The same packages and options give the same bytes.
     *
     * @param repoDir the directory
     * @param options what is written, and how
     * @return the index
     * @throws dev.twoliter.api.FormatException if a package is malformed
     * @throws dev.twoliter.api.StorageException if a file cannot be read or written
     */
    public static RepoIndex write(Path repoDir, RepoOptions options) {
        return new RepodataWriter(repoDir, options).write();
    }
}
