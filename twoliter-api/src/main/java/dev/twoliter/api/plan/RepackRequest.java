package dev.twoliter.api.plan;

import dev.twoliter.api.Arch;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What to change in the finished image of a variant. Immutable, thread-safe. */
public final class RepackRequest {

    private final String variant;
    private final Arch arch;
    private final @Nullable Path image;
    private final @Nullable Path output;
    private final @Nullable Path caBundle;
    private final @Nullable Path updateRoot;
    private final @Nullable Path secureBootKeys;

    private RepackRequest(Builder b) {
        this.variant = b.variant;
        this.arch = b.arch;
        this.image = b.image;
        this.output = b.output;
        this.caBundle = b.caBundle;
        this.updateRoot = b.updateRoot;
        this.secureBootKeys = b.secureBootKeys;
    }

    /**
     * Starts a request.
     *
     * @param variant the variant's name
     * @return a new builder
     */
    public static Builder builder(String variant) {
        return new Builder(variant);
    }

    /** {@return the variant's name} */
    public String variant() {
        return variant;
    }

    /** {@return the architecture} */
    public Arch arch() {
        return arch;
    }

    /** {@return the directory with the finished image; empty: that of the project's last build} */
    public Optional<Path> image() {
        return Optional.ofNullable(image);
    }

    /** {@return the directory that gets the new image; empty: one below {@code build/repacked}} */
    public Optional<Path> output() {
        return Optional.ofNullable(output);
    }

    /** {@return certificate authorities that the image trusts, in PEM; empty: those that it trusts already} */
    public Optional<Path> caBundle() {
        return Optional.ofNullable(caBundle);
    }

    /** {@return the TUF root of its updates; empty: the one that it has already} */
    public Optional<Path> updateRoot() {
        return Optional.ofNullable(updateRoot);
    }

    /** {@return the directory of the keys for Secure Boot; empty: that of the project} */
    public Optional<Path> secureBootKeys() {
        return Optional.ofNullable(secureBootKeys);
    }

    /** Collects a {@link RepackRequest}. Relative paths are below the project's directory. Not thread-safe. */
    public static final class Builder {
        private final String variant;
        private Arch arch = Arch.host();
        private @Nullable Path image;
        private @Nullable Path output;
        private @Nullable Path caBundle;
        private @Nullable Path updateRoot;
        private @Nullable Path secureBootKeys;

        private Builder(String variant) {
            this.variant = Objects.requireNonNull(variant, "variant");
        }

        /** Sets the architecture; default this machine's. */
        public Builder arch(Arch value) {
            this.arch = Objects.requireNonNull(value, "arch");
            return this;
        }

        /**
         * Sets the directory with the finished image and its artefacts, of whatever build; default {@code
         * build/images/ARCH-VARIANT/latest}.
         */
        public Builder image(Path directory) {
            this.image = Objects.requireNonNull(directory, "image");
            return this;
        }

        /**
         * Sets the directory that gets the new image, which must be empty or not there; default {@code
         * build/repacked/ARCH-VARIANT/VERSION-BUILD}, which is replaced.
         */
        public Builder output(Path directory) {
            this.output = Objects.requireNonNull(directory, "output");
            return this;
        }

        /** Sets the certificate authorities that the image shall trust, a file in PEM. */
        public Builder caBundle(Path file) {
            this.caBundle = Objects.requireNonNull(file, "caBundle");
            return this;
        }

        /** Sets the {@code root.json} by which the image shall trust its updates. */
        public Builder updateRoot(Path file) {
            this.updateRoot = Objects.requireNonNull(file, "updateRoot");
            return this;
        }

        /** Sets the keys that sign anew what the machine starts from; default {@code sbkeys/local}. */
        public Builder secureBootKeys(Path directory) {
            this.secureBootKeys = Objects.requireNonNull(directory, "secureBootKeys");
            return this;
        }

        /** {@return the request} */
        public RepackRequest build() {
            return new RepackRequest(this);
        }
    }
}
