package dev.twoliter.api.plan;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What may become newer than Twoliter.toml says. Immutable, thread-safe. */
public final class UpgradeRequest {

    private final Set<String> kits;
    private final boolean preReleases;

    private UpgradeRequest(Builder b) {
        this.kits = Collections.unmodifiableSet(new LinkedHashSet<>(b.kits));
        this.preReleases = b.preReleases;
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the only kits that may move; empty for all} */
    public Set<String> kits() {
        return kits;
    }

    /** {@return whether pre-releases are taken as releases are} */
    public boolean preReleases() {
        return preReleases;
    }

    /** Collects an {@link UpgradeRequest}. Not thread-safe. */
    public static final class Builder {
        private final Set<String> kits = new LinkedHashSet<>();
        private boolean preReleases;

        private Builder() {}

        /**
         * Adds kits that may move; all others then stay. Default: all may.
         *
         * @param names names of kits in Twoliter.toml, {@code VENDOR/NAME} where two vendors have one of that name; or
         *     the name of its SDK
         */
        public Builder kits(String... names) {
            kits.addAll(List.of(names));
            return this;
        }

        /** Sets whether pre-releases are taken as releases are; default false. */
        public Builder preReleases(boolean value) {
            this.preReleases = value;
            return this;
        }

        /** {@return the request} */
        public UpgradeRequest build() {
            return new UpgradeRequest(this);
        }
    }
}
