package dev.twoliter.rpm.repo;

import dev.twoliter.rpm.RpmVerifier;
import dev.twoliter.rpm.internal.repo.RepodataCheck;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks a repository as a whole: the signature of {@code repomd.xml} if keys are given, size and checksum of every
 * metadata file, compressed and not, and that every package is there and is the one that the index lists. What is wrong
 * is reported, not thrown. Immutable, thread-safe.
 */
public final class RepoChecker {
    private final int workers;
    private final RepoProgress progress;
    private final @Nullable RpmVerifier verifier;

    private RepoChecker(Builder builder) {
        workers = builder.workers;
        progress = builder.progress;
        verifier = builder.verifier;
    }

    /** {@return a builder of a checker with a worker for each processor and without keys} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Checks a repository; every byte of it is read.
     *
     * @param repoDir the directory that holds {@code repodata}
     * @return what was found
     * @throws dev.twoliter.api.StorageException if the directory cannot be read or the thread is interrupted
     */
    public RepoReport check(Path repoDir) {
        return new RepodataCheck(repoDir, verifier, workers, progress).run();
    }

    /** {@return how many packages are read at a time} */
    public int workers() {
        return workers;
    }

    /** {@return what knows the keys that must have signed} */
    public Optional<RpmVerifier> verifier() {
        return Optional.ofNullable(verifier);
    }

    /** Collects what a checker needs; not thread-safe. */
    public static final class Builder {
        private int workers = Runtime.getRuntime().availableProcessors();
        private RepoProgress progress = (done, total) -> {};
        private @Nullable RpmVerifier verifier;

        private Builder() {}

        /**
         * Sets how many packages are read at a time.
         *
         * @param count at least 1
         */
        public Builder workers(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("workers must be at least 1, but is " + count);
            }
            workers = count;
            return this;
        }

        /** Sets who hears of packages that are done. */
        public Builder progress(RepoProgress listener) {
            progress = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** Requires that {@code repomd.xml} is signed by a key of this verifier. */
        public Builder verifier(RpmVerifier keys) {
            verifier = Objects.requireNonNull(keys, "keys");
            return this;
        }

        /** {@return the checker} */
        public RepoChecker build() {
            return new RepoChecker(this);
        }
    }
}
