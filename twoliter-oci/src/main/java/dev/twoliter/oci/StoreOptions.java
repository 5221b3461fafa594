package dev.twoliter.oci;

import java.nio.file.Path;
import java.util.Objects;

/** How to reach an {@link ImageStore}. Immutable, thread-safe. */
public final class StoreOptions {

    private final Path baseDirectory;
    private final int parallelism;
    private final boolean allowHttp;

    private StoreOptions(Builder b) {
        this.baseDirectory = b.baseDirectory;
        this.parallelism = b.parallelism;
        this.allowHttp = b.allowHttp;
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return what {@code oci:DIR} is relative to} */
    public Path baseDirectory() {
        return baseDirectory;
    }

    /** {@return how many threads an assembly may use, 1 or more} */
    public int parallelism() {
        return parallelism;
    }

    /** {@return whether plain http may be used with hosts other than this one} */
    public boolean allowHttp() {
        return allowHttp;
    }

    /** Collects {@link StoreOptions}. Not thread-safe. */
    public static final class Builder {
        private Path baseDirectory = Path.of("");
        private int parallelism = 2;
        private boolean allowHttp;

        private Builder() {}

        /** Sets what {@code oci:DIR} is relative to; default the working directory. */
        public Builder baseDirectory(Path value) {
            this.baseDirectory = Objects.requireNonNull(value, "baseDirectory");
            return this;
        }

        /** Sets how many threads an assembly may use; default 2. */
        public Builder parallelism(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("parallelism must be 1 or more, but is " + value);
            }
            this.parallelism = value;
            return this;
        }

        /** Allows plain http with every host; by default only with loopback addresses. */
        public Builder allowHttp(boolean value) {
            this.allowHttp = value;
            return this;
        }

        /** {@return the options} */
        public StoreOptions build() {
            return new StoreOptions(this);
        }
    }
}
