package dev.twoliter.api.plan;

import dev.twoliter.api.Arch;
import dev.twoliter.api.KeyFile;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which kit to publish, and where. Immutable, thread-safe. */
public final class PublishRequest {

    private final String kit;
    private final String vendor;
    private final String repository;
    private final List<Arch> arches;
    private final @Nullable KeyFile imageKey;
    private final boolean unsigned;
    private final boolean replace;
    private final boolean imagesOnly;
    private final @Nullable String buildId;

    private PublishRequest(Builder b) {
        this.kit = Objects.requireNonNull(b.kit, "kit");
        this.vendor = Objects.requireNonNull(b.vendor, "to");
        this.repository = b.repository == null ? this.kit : b.repository;
        this.arches = List.copyOf(b.arches);
        this.imageKey = b.imageKey;
        this.unsigned = b.unsigned;
        this.replace = b.replace;
        this.imagesOnly = b.imagesOnly;
        this.buildId = b.buildId;
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the kit} */
    public String kit() {
        return kit;
    }

    /** {@return the vendor whose registry it goes to} */
    public String vendor() {
        return vendor;
    }

    /** {@return the repository; the kit's name unless another was asked for} */
    public String repository() {
        return repository;
    }

    /** {@return the architectures; empty for all that have been built} */
    public List<Arch> arches() {
        return arches;
    }

    /** {@return the P-256 key that signs the images} */
    public Optional<KeyFile> imageKey() {
        return Optional.ofNullable(imageKey);
    }

    /** {@return whether it may be published without a signature} */
    public boolean unsigned() {
        return unsigned;
    }

    /** {@return whether tags that are released with other content are set anew} */
    public boolean replace() {
        return replace;
    }

    /** {@return whether the index is left to a later publication, from another machine} */
    public boolean imagesOnly() {
        return imagesOnly;
    }

    /** {@return the build identifier of the archives; as in {@link BuildRequest#buildId()}} */
    public Optional<String> buildId() {
        return Optional.ofNullable(buildId);
    }

    /** Collects a {@link PublishRequest}. Not thread-safe. */
    public static final class Builder {
        private @Nullable String kit;
        private @Nullable String vendor;
        private @Nullable String repository;
        private final Set<Arch> arches = new LinkedHashSet<>();
        private @Nullable KeyFile imageKey;
        private boolean unsigned;
        private boolean replace;
        private boolean imagesOnly;
        private @Nullable String buildId;

        private Builder() {}

        /** Sets the kit; required. */
        public Builder kit(String name) {
            this.kit = Objects.requireNonNull(name, "kit");
            return this;
        }

        /** Sets the vendor whose registry it goes to; required. */
        public Builder to(String vendorName) {
            this.vendor = Objects.requireNonNull(vendorName, "vendor");
            return this;
        }

        /** Sets the repository; default the kit's name. */
        public Builder repository(String name) {
            this.repository = Objects.requireNonNull(name, "repository");
            return this;
        }

        /** Restricts the architectures; default all that have been built. */
        public Builder arch(Arch... values) {
            arches.addAll(List.of(values));
            return this;
        }

        /** Signs the images. */
        public Builder imageKey(KeyFile key) {
            this.imageKey = Objects.requireNonNull(key, "key");
            return this;
        }

        /** Publishes without a signature; without a key and without this, publishing is refused. */
        public Builder allowUnsigned() {
            this.unsigned = true;
            return this;
        }

        /**
         * Sets tags anew that are released with other content; without this, that is refused. Whoever has locked the
         * released content is refused the new one.
         */
        public Builder replace() {
            this.replace = true;
            return this;
        }

        /**
         * Pushes and signs the images of the architectures only. A later publication of the same version and build, from
         * another machine, puts the index over all of them.
         */
        public Builder imagesOnly() {
            this.imagesOnly = true;
            return this;
        }

        /** Sets the build identifier of the archives. */
        public Builder buildId(String value) {
            this.buildId = Objects.requireNonNull(value, "buildId");
            return this;
        }

        /**
         * {@return the request}
         *
         * @throws NullPointerException if the kit or the vendor is missing
         */
        public PublishRequest build() {
            return new PublishRequest(this);
        }
    }
}
