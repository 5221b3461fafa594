package dev.twoliter.api.plan;

import dev.twoliter.api.ImageRef;
import dev.twoliter.api.event.BuildListener;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How to run something: in how many threads, with or without a network, and who is told. Immutable; as thread-safe as its listener. */
public final class RunOptions {

    private final int jobs;
    private final BuildListener listener;
    private final boolean offline;
    private final @Nullable ImageRef cache;

    private RunOptions(Builder b) {
        this.jobs = b.jobs;
        this.listener = b.listener;
        this.offline = b.offline;
        this.cache = b.cache;
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

    /** {@return whether no registry may be asked: everything must be on disk, in a directory registry or in the cache} */
    public boolean offline() {
        return offline;
    }

    /** {@return the repository that finished steps are got from and put into, its tag without meaning; empty for none} */
    public Optional<ImageRef> cache() {
        return Optional.ofNullable(cache);
    }

    /** Collects {@link RunOptions}. Not thread-safe. */
    public static final class Builder {
        private int jobs = Runtime.getRuntime().availableProcessors();
        private BuildListener listener = BuildListener.NONE;
        private boolean offline;
        private @Nullable ImageRef cache;

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

        /** Sets whether no registry may be asked; default false. */
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

        /** {@return the options} */
        public RunOptions build() {
            return new RunOptions(this);
        }
    }
}
