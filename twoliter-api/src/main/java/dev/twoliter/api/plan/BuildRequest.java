package dev.twoliter.api.plan;

import dev.twoliter.api.Arch;
import dev.twoliter.api.KeyFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to build. Whatever a target needs is built as well. Immutable, thread-safe.
 */
public final class BuildRequest {

    private final Set<String> packages;
    private final Set<String> kits;
    private final Set<String> variants;
    private final List<Arch> arches;
    private final @Nullable KeyFile rpmKey;
    private final @Nullable String engine;
    private final @Nullable String buildId;
    private final @Nullable Path secureBootKeys;
    private final @Nullable Path caBundle;
    private final @Nullable Path updateRoot;

    private BuildRequest(Builder b) {
        this.packages = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(b.packages));
        this.kits = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(b.kits));
        this.variants = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(b.variants));
        this.arches = b.arches.isEmpty() ? List.of(Arch.host()) : List.copyOf(new LinkedHashSet<>(b.arches));
        this.rpmKey = b.rpmKey;
        this.engine = b.engine;
        this.buildId = b.buildId;
        this.secureBootKeys = b.secureBootKeys;
        this.caBundle = b.caBundle;
        this.updateRoot = b.updateRoot;
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the packages asked for} */
    public Set<String> packages() {
        return packages;
    }

    /** {@return the kits asked for} */
    public Set<String> kits() {
        return kits;
    }

    /** {@return the variants asked for} */
    public Set<String> variants() {
        return variants;
    }

    /** {@return the architectures, without repetition; this machine's unless others were asked for} */
    public List<Arch> arches() {
        return arches;
    }

    /** {@return the OpenPGP key that signs the RPMs and the repository of each kit} */
    public Optional<KeyFile> rpmKey() {
        return Optional.ofNullable(rpmKey);
    }

    /** {@return the engine asked for by name; empty to let the project choose} */
    public Optional<String> engine() {
        return Optional.ofNullable(engine);
    }

    /** {@return the build identifier in artefact names; empty for {@code BUILDSYS_VERSION_BUILD} or eight zeros} */
    public Optional<String> buildId() {
        return Optional.ofNullable(buildId);
    }

    /**
     * {@return the directory of the keys for Secure Boot, relative to the project's; empty for {@code sbkeys/local}, if
     * there is one}
     */
    public Optional<Path> secureBootKeys() {
        return Optional.ofNullable(secureBootKeys);
    }

    /**
     * {@return the certificate authorities that images trust, a file relative to the project's directory; empty for {@code
     * BUILDSYS_CACERTS_BUNDLE_OVERRIDE}, or what packages bring}
     */
    public Optional<Path> caBundle() {
        return Optional.ofNullable(caBundle);
    }

    /**
     * {@return the root of the images' update repository, a file relative to the project's directory; empty for {@code
     * PUBLISH_REPO_ROOT_JSON}, {@code roles/default.root.json} if there is one, or what packages bring}
     */
    public Optional<Path> updateRoot() {
        return Optional.ofNullable(updateRoot);
    }

    /** Collects a {@link BuildRequest}. Not thread-safe. */
    public static final class Builder {
        private final Set<String> packages = new LinkedHashSet<>();
        private final Set<String> kits = new LinkedHashSet<>();
        private final Set<String> variants = new LinkedHashSet<>();
        private final List<Arch> arches = new ArrayList<>();
        private @Nullable KeyFile rpmKey;
        private @Nullable String engine;
        private @Nullable String buildId;
        private @Nullable Path secureBootKeys;
        private @Nullable Path caBundle;
        private @Nullable Path updateRoot;

        private Builder() {}

        /** Asks for packages. */
        public Builder rpm(String... names) {
            packages.addAll(List.of(names));
            return this;
        }

        /** Asks for kits. */
        public Builder kit(String... names) {
            kits.addAll(List.of(names));
            return this;
        }

        /** Asks for variants. */
        public Builder variant(String... names) {
            variants.addAll(List.of(names));
            return this;
        }

        /** Adds architectures; default this machine's. */
        public Builder arch(Arch... values) {
            arches.addAll(List.of(values));
            return this;
        }

        /** Signs the RPMs and the repository of each kit with an OpenPGP key. */
        public Builder rpmKey(KeyFile key) {
            this.rpmKey = Objects.requireNonNull(key, "key");
            return this;
        }

        /** Chooses an engine by name, such as {@code embedded}. */
        public Builder engine(String name) {
            this.engine = Objects.requireNonNull(name, "engine");
            return this;
        }

        /** Sets the build identifier in artefact names: letters, digits and {@code -}. */
        public Builder buildId(String value) {
            this.buildId = Objects.requireNonNull(value, "buildId");
            return this;
        }

        /**
         * Sets the directory of the keys that sign what variants with {@code uefi-secure-boot} start from; default
         * {@code sbkeys/local} in the project.
         */
        public Builder secureBootKeys(Path directory) {
            this.secureBootKeys = Objects.requireNonNull(directory, "secureBootKeys");
            return this;
        }

        /** Sets the certificate authorities that images trust: a bundle in PEM. */
        public Builder caBundle(Path file) {
            this.caBundle = Objects.requireNonNull(file, "caBundle");
            return this;
        }

        /** Sets the root of the images' update repository: a root.json of TUF. */
        public Builder updateRoot(Path file) {
            this.updateRoot = Objects.requireNonNull(file, "updateRoot");
            return this;
        }

        /** {@return the request; its names are checked against the project when it is planned} */
        public BuildRequest build() {
            return new BuildRequest(this);
        }
    }
}
