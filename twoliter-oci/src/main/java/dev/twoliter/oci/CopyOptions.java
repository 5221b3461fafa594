package dev.twoliter.oci;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@link ImageCopier} copies, and how. Immutable; as thread-safe as its listener. */
public final class CopyOptions {

    /** Is told how far a copy has got, by several threads, never at the same time. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Some more bytes are there.
         *
         * @param bytes how many of all; those that were there before count
         * @param total how many there will be
         */
        void at(long bytes, long total);
    }

    private final @Nullable Platform platform;
    private final boolean signatures;
    private final int parallelism;
    private final Listener listener;

    private CopyOptions(Builder b) {
        this.platform = b.platform;
        this.signatures = b.signatures;
        this.parallelism = b.parallelism;
        this.listener = b.listener;
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the only platform to copy; empty for the whole index} */
    public Optional<Platform> platform() {
        return Optional.ofNullable(platform);
    }

    /** {@return whether the signatures of everything that is copied come along} */
    public boolean signatures() {
        return signatures;
    }

    /** {@return how many blobs are copied at once, 1 or more} */
    public int parallelism() {
        return parallelism;
    }

    /** {@return who is told} */
    public Listener listener() {
        return listener;
    }

    /** Collects {@link CopyOptions}. Not thread-safe. */
    public static final class Builder {
        private @Nullable Platform platform;
        private boolean signatures;
        private int parallelism = 4;
        private Listener listener = (bytes, total) -> {};

        private Builder() {}

        /** Copies the image for one platform only, without the index over it; default everything. */
        public Builder platform(Platform value) {
            this.platform = Objects.requireNonNull(value, "platform");
            return this;
        }

        /** Sets whether cosign's signatures come along; default false. */
        public Builder signatures(boolean value) {
            this.signatures = value;
            return this;
        }

        /** Sets how many blobs are copied at once; default 4. */
        public Builder parallelism(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("parallelism must be 1 or more, but is " + value);
            }
            this.parallelism = value;
            return this;
        }

        /** Sets who is told how far it has got; default nobody. */
        public Builder listener(Listener value) {
            this.listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /** {@return the options} */
        public CopyOptions build() {
            return new CopyOptions(this);
        }
    }
}
