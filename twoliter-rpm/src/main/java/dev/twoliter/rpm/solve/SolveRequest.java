package dev.twoliter.rpm.solve;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** What to solve. Immutable, thread-safe. */
public final class SolveRequest {
    private final String arch;
    private final List<SolveRepo> repos;
    private final List<String> install;
    private final List<String> excludes;
    private final boolean best;
    private final boolean weakDependencies;

    private SolveRequest(Builder builder) {
        arch = builder.arch;
        repos = List.copyOf(builder.repos);
        install = List.copyOf(builder.install);
        excludes = List.copyOf(builder.excludes);
        best = builder.best;
        weakDependencies = builder.weakDependencies;
    }

    /**
     * Starts a request.
     *
     * @param arch the system's architecture; packages of it and of {@code noarch} are candidates
     * @return the builder
     */
    public static Builder builder(String arch) {
        return new Builder(arch);
    }

    /** {@return the system's architecture} */
    public String arch() {
        return arch;
    }

    /** {@return where to choose from} */
    public List<SolveRepo> repos() {
        return repos;
    }

    /** {@return what is wanted: names, or else capabilities or paths} */
    public List<String> install() {
        return install;
    }

    /** {@return names, or patterns with {@code *} and {@code ?}, of packages that must not be chosen} */
    public List<String> excludes() {
        return excludes;
    }

    /** {@return whether only the best candidate for each wanted thing will do; default: no} */
    public boolean best() {
        return best;
    }

    /** {@return whether recommended packages are to be chosen too, and those that supplement chosen ones; default: no} */
    public boolean weakDependencies() {
        return weakDependencies;
    }

    /** Collects a request; not thread-safe. */
    public static final class Builder {
        private final String arch;
        private final List<SolveRepo> repos = new ArrayList<>();
        private final List<String> install = new ArrayList<>();
        private final List<String> excludes = new ArrayList<>();
        private boolean best;
        private boolean weakDependencies;

        private Builder(String arch) {
            this.arch = Objects.requireNonNull(arch, "arch");
        }

        /** Adds a repository; among equal packages of equal priority the repository added first wins. */
        public Builder addRepo(SolveRepo repo) {
            repos.add(Objects.requireNonNull(repo, "repo"));
            return this;
        }

        /**
         * Adds what is wanted: a package's name, {@code name.arch} or {@code name-version[-release[.arch]]}; else a
         * capability such as {@code foo >= 2}, or a path. The order matters where what is wanted leaves a choice.
         */
        public Builder install(String... wanted) {
            return install(List.of(wanted));
        }

        /** Adds what is wanted. */
        public Builder install(Collection<String> wanted) {
            install.addAll(wanted);
            return this;
        }

        /** Adds packages that must not be chosen: names or patterns with {@code *} and {@code ?}. */
        public Builder exclude(Collection<String> patterns) {
            excludes.addAll(patterns);
            return this;
        }

        /**
         * Sets whether to refuse, rather than to take an older version or one of a repository of lower priority, where
         * the best candidate for a wanted thing does not fit: dnf's {@code best}.
         */
        public Builder best(boolean only) {
            best = only;
            return this;
        }

        /** Sets whether weak dependencies bring packages in: dnf's {@code install_weak_deps}. */
        public Builder weakDependencies(boolean follow) {
            weakDependencies = follow;
            return this;
        }

        /** {@return the request} */
        public SolveRequest build() {
            return new SolveRequest(this);
        }
    }
}
