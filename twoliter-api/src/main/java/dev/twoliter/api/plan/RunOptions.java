package dev.twoliter.api.plan;

import dev.twoliter.api.ImageRef;
import dev.twoliter.api.event.BuildListener;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to run something: in how many threads, with or without a network, where sources come from, and who is told. None of
 * it changes what comes out. Immutable; as thread-safe as its listener.
 */
public final class RunOptions {

    private final int jobs;
    private final BuildListener listener;
    private final boolean offline;
    private final @Nullable ImageRef cache;
    private final List<URI> lookasideCaches;
    private final @Nullable Boolean upstreamSources;

    private RunOptions(Builder b) {
        this.jobs = b.jobs;
        this.listener = b.listener;
        this.offline = b.offline;
        this.cache = b.cache;
        this.lookasideCaches = List.copyOf(b.lookasideCaches);
        this.upstreamSources = b.upstreamSources;
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return how many steps or transfers may run at once, 1 or more} */
    public int jobs() {
        return jobs;
    }

    /** {@return who is told} */
    public BuildListener listener() {
        return listener;
    }

    /**
     * {@return whether nothing beyond this machine may be asked: everything must be on disk, in a directory registry, a
     * {@code file:} lookaside cache or the cache}
     */
    public boolean offline() {
        return offline;
    }

    /** {@return the repository that finished steps are got from and put into, its tag without meaning; empty for none} */
    public Optional<ImageRef> cache() {
        return Optional.ofNullable(cache);
    }

    /**
     * {@return where sources are looked for, in turn; empty for those of {@code BUILDSYS_LOOKASIDE_CACHE}, or the public
     * one of Bottlerocket}
     */
    public List<URI> lookasideCaches() {
        return lookasideCaches;
    }

    /**
     * {@return whether sources that no lookaside cache has may come from their own URLs; empty for what {@code
     * BUILDSYS_UPSTREAM_SOURCE_FALLBACK} says. Those with {@code force-upstream} always may}
     */
    public Optional<Boolean> upstreamSources() {
        return Optional.ofNullable(upstreamSources);
    }

    /** Collects {@link RunOptions}. Not thread-safe. */
    public static final class Builder {
        private static final Set<String> SCHEMES = Set.of("http", "https", "file");

        private int jobs = Runtime.getRuntime().availableProcessors();
        private BuildListener listener = BuildListener.NONE;
        private boolean offline;
        private @Nullable ImageRef cache;
        private List<URI> lookasideCaches = List.of();
        private @Nullable Boolean upstreamSources;

        private Builder() {}

        /** Sets how many steps or transfers may run at once; default the number of processors. */
        public Builder jobs(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("jobs must be 1 or more, but is " + value);
            }
            this.jobs = value;
            return this;
        }

        /** Sets who is told; default nobody. */
        public Builder listener(BuildListener value) {
            this.listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /** Sets whether nothing beyond this machine may be asked; default false. */
        public Builder offline(boolean value) {
            this.offline = value;
            return this;
        }

        /**
         * Sets the repository that finished packages, kits and variants are got from and put into, so that machines share
         * work; default none. Whoever may write there decides what is built from.
         *
         * @param repository such as {@code registry.example/team/cache} or {@code oci:DIR/cache}, without a tag
         * @return this
         * @throws IllegalArgumentException if it names no repository
         */
        public Builder cache(String repository) {
            this.cache = ImageRef.parse(repository + ":steps");
            return this;
        }

        /**
         * Sets where sources are looked for, in turn: a file is at {@code CACHE/NAME/SHA512/NAME}. Default what {@code
         * BUILDSYS_LOOKASIDE_CACHE} says, or the public one of Bottlerocket.
         *
         * @param values {@code http:}, {@code https:} or {@code file:} URLs
         * @return this
         */
        public Builder lookasideCaches(URI... values) {
            for (URI value : values) {
                if (value.getScheme() == null
                        || !SCHEMES.contains(value.getScheme().toLowerCase(Locale.ROOT))) {
                    throw new IllegalArgumentException(
                            "a lookaside cache is an http:, https: or file: URL, but this is '" + value + "'");
                }
            }
            this.lookasideCaches = List.of(values);
            return this;
        }

        /** Sets whether sources may come from their own URLs; default what {@code BUILDSYS_UPSTREAM_SOURCE_FALLBACK} says. */
        public Builder upstreamSources(boolean value) {
            this.upstreamSources = value;
            return this;
        }

        /** {@return the options} */
        public RunOptions build() {
            return new RunOptions(this);
        }
    }
}
