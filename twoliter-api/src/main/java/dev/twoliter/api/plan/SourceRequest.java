package dev.twoliter.api.plan;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which sources to get, and where to. Immutable, thread-safe. */
public final class SourceRequest {

    private final Set<String> packages;
    private final @Nullable Path mirror;
    private final boolean forcedUpstream;

    private SourceRequest(Builder b) {
        this.packages = Collections.unmodifiableSet(new LinkedHashSet<>(b.packages));
        this.mirror = b.mirror;
        this.forcedUpstream = b.forcedUpstream;
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the only packages whose sources are wanted; empty for all of the project} */
    public Set<String> packages() {
        return packages;
    }

    /** {@return the directory that becomes a lookaside cache; empty to fill only the cache of this user} */
    public Optional<Path> mirror() {
        return Optional.ofNullable(mirror);
    }

    /** {@return whether a lookaside cache gets those with {@code force-upstream}, too} */
    public boolean forcedUpstream() {
        return forcedUpstream;
    }

    /** Collects a {@link SourceRequest}. Not thread-safe. */
    public static final class Builder {
        private final Set<String> packages = new LinkedHashSet<>();
        private @Nullable Path mirror;
        private boolean forcedUpstream;

        private Builder() {}

        /** Adds packages whose sources are wanted; default all of the project. */
        public Builder packages(String... names) {
            packages.addAll(List.of(names));
            return this;
        }

        /**
         * Copies the sources into a directory, laid out as a lookaside cache ({@code NAME/SHA512/NAME}) that any web
         * server can serve.
         *
         * @param directory its root, made if it is missing; what is there already stays
         * @return this
         */
        public Builder mirror(Path directory) {
            this.mirror = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Sets whether the lookaside cache gets the sources with {@code force-upstream}, too: they are mostly marked so
         * because their licence does not let everybody pass them on; default false.
         */
        public Builder forcedUpstream(boolean value) {
            this.forcedUpstream = value;
            return this;
        }

        /** {@return the request; its names are checked against the project when it is used} */
        public SourceRequest build() {
            return new SourceRequest(this);
        }
    }
}
