package dev.twoliter.rpm.repo;

import dev.twoliter.rpm.RpmSigner;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How {@link RepoWriter} writes. Immutable, thread-safe. */
public final class RepoOptions {
    private final Instant timestamp;
    private final int workers;
    private final @Nullable RpmSigner signer;

    private RepoOptions(Instant timestamp, int workers, @Nullable RpmSigner signer) {
        this.timestamp = timestamp;
        this.workers = workers;
        this.signer = signer;
    }

    /** {@return time 1970-01-01T00:00:00Z, a worker for each processor, no signature} */
    public static RepoOptions defaults() {
        return new RepoOptions(Instant.EPOCH, Runtime.getRuntime().availableProcessors(), null);
    }

    /**
     * {@return these options with another time for revision, timestamps and signature}
     *
     * @param time usually {@code SOURCE_DATE_EPOCH}
     */
    public RepoOptions timestamp(Instant time) {
        return new RepoOptions(Objects.requireNonNull(time, "time"), workers, signer);
    }

    /**
     * {@return these options with another number of packages read at a time; the result does not depend on it}
     *
     * @param count at least 1
     */
    public RepoOptions workers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("workers must be at least 1, but is " + count);
        }
        return new RepoOptions(timestamp, count, signer);
    }

    /**
     * {@return these options with a key that signs {@code repomd.xml}}
     *
     * @param key the signer
     */
    public RepoOptions signer(RpmSigner key) {
        return new RepoOptions(timestamp, workers, Objects.requireNonNull(key, "key"));
    }

    /** {@return the time in revision, timestamps and signature} */
    public Instant timestamp() {
        return timestamp;
    }

    /** {@return how many packages are read at a time} */
    public int workers() {
        return workers;
    }

    /** {@return what signs {@code repomd.xml}} */
    public Optional<RpmSigner> signer() {
        return Optional.ofNullable(signer);
    }
}
