package dev.twoliter.rpm.repo;

import dev.twoliter.rpm.RpmSigner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How {@link RepoWriter} writes. Immutable, thread-safe. */
public final class RepoOptions {
    private final Instant timestamp;
    private final int workers;
    private final boolean fileTimes;
    private final boolean update;
    private final boolean databases;
    private final Compression compression;
    private final List<String> excludes;
    private final List<Advisory> advisories;
    private final @Nullable RpmSigner signer;
    private final RepoProgress progress;

    /** How the XML metadata is compressed; the databases are always compressed with bzip2. */
    public enum Compression {
        /** What every reader knows. */
        GZIP,
        /** What createrepo_c writes from version 1.0 on: smaller, and needs readers of 2019 or later. */
        ZSTD
    }

    private RepoOptions(Builder builder) {
        timestamp = builder.timestamp;
        workers = builder.workers;
        fileTimes = builder.fileTimes;
        update = builder.update;
        databases = builder.databases;
        compression = builder.compression;
        excludes = List.copyOf(builder.excludes);
        advisories = List.copyOf(builder.advisories);
        signer = builder.signer;
        progress = builder.progress;
    }

    /** {@return the options of {@link #builder()} as they are} */
    public static RepoOptions defaults() {
        return builder().build();
    }

    /**
     * {@return a builder with time 1970-01-01T00:00:00Z for everything, a worker for each processor, gzip, databases,
     * all packages, no advisories, no signature}
     */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the time in revision, timestamps and signature, and of the packages unless {@link #fileTimes()}} */
    public Instant timestamp() {
        return timestamp;
    }

    /** {@return how many packages are read at a time} */
    public int workers() {
        return workers;
    }

    /** {@return whether each package is listed with the modification time of its file} */
    public boolean fileTimes() {
        return fileTimes;
    }

    /** {@return whether what the index before says of packages that have not changed is used} */
    public boolean update() {
        return update;
    }

    /** {@return whether the three databases are written} */
    public boolean databases() {
        return databases;
    }

    /** {@return how the XML metadata is compressed} */
    public Compression compression() {
        return compression;
    }

    /** {@return patterns of paths that are left out} */
    public List<String> excludes() {
        return excludes;
    }

    /** {@return the advisories of the repository} */
    public List<Advisory> advisories() {
        return advisories;
    }

    /** {@return what signs {@code repomd.xml}} */
    public Optional<RpmSigner> signer() {
        return Optional.ofNullable(signer);
    }

    /** {@return who hears of packages that are done} */
    public RepoProgress progress() {
        return progress;
    }

    /** Collects options; not thread-safe. */
    public static final class Builder {
        private Instant timestamp = Instant.EPOCH;
        private int workers = Runtime.getRuntime().availableProcessors();
        private boolean fileTimes;
        private boolean update;
        private boolean databases = true;
        private Compression compression = Compression.GZIP;
        private final List<String> excludes = new ArrayList<>();
        private final List<Advisory> advisories = new ArrayList<>();
        private @Nullable RpmSigner signer;
        private RepoProgress progress = (done, total) -> {};

        private Builder() {}

        /**
         * Sets the time in revision, timestamps and signature, and of the packages unless they keep their own.
         *
         * @param time usually {@code SOURCE_DATE_EPOCH}
         */
        public Builder timestamp(Instant time) {
            timestamp = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * Sets how many packages are read at a time; the result does not depend on it.
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

        /**
         * Sets whether each package is listed with the modification time of its file, as createrepo_c does, and not
         * with {@link #timestamp}. The index then depends on these times too.
         */
        public Builder fileTimes(boolean own) {
            fileTimes = own;
            return this;
        }

        /**
         * Sets whether packages are not read again whose path, size and modification time are those of the index
         * before. A package that was changed with all three kept is not noticed. This implies {@link #fileTimes}: the
         * result is the same as without it.
         */
        public Builder update(boolean only) {
            update = only;
            fileTimes |= only;
            return this;
        }

        /** Sets whether the three databases are written. dnf reads none of them, yum does. */
        public Builder databases(boolean written) {
            databases = written;
            return this;
        }

        /** Sets how the XML metadata is compressed. */
        public Builder compression(Compression how) {
            compression = Objects.requireNonNull(how, "how");
            return this;
        }

        /**
         * Leaves out packages.
         *
         * @param pattern of the path relative to the repository; {@code *} stands for any characters, slashes included,
         *     {@code ?} for one
         */
        public Builder addExclude(String pattern) {
            excludes.add(Objects.requireNonNull(pattern, "pattern"));
            return this;
        }

        /** Adds an advisory to {@code updateinfo.xml}, which is written when there is one. */
        public Builder addAdvisory(Advisory advisory) {
            advisories.add(Objects.requireNonNull(advisory, "advisory"));
            return this;
        }

        /** Sets the key that signs {@code repomd.xml}. */
        public Builder signer(RpmSigner key) {
            signer = Objects.requireNonNull(key, "key");
            return this;
        }

        /** Sets who hears of packages that are done. */
        public Builder progress(RepoProgress listener) {
            progress = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** {@return the options} */
        public RepoOptions build() {
            return new RepoOptions(this);
        }
    }
}
