package dev.twoliter.rpm.solve;

import dev.twoliter.rpm.repo.RepoPackage;
import java.util.Objects;
import java.util.Optional;

/** Why a package is part of a solution. Its text is one for people. Immutable, thread-safe. */
public sealed interface Reason {

    /**
     * {@return the package of the solution that brought it in; empty for what was asked for} That has a reason of its
     * own, and following these ends at a {@link Requested}.
     */
    Optional<RepoPackage> from();

    /**
     * It was asked for.
     *
     * @param what the words of the request
     */
    record Requested(String what) implements Reason {
        public Requested {
            Objects.requireNonNull(what, "what");
        }

        @Override
        public Optional<RepoPackage> from() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "requested";
        }
    }

    /**
     * A package of the solution needs it.
     *
     * @param by which
     * @param what the dependency, as the package has it
     */
    record Required(RepoPackage by, String what) implements Reason {
        public Required {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(what, "what");
        }

        @Override
        public Optional<RepoPackage> from() {
            return Optional.of(by);
        }

        @Override
        public String toString() {
            return by.nevra() + " requires " + what;
        }
    }

    /**
     * A package of the solution recommends it; only where the request wants weak dependencies.
     *
     * @param by which
     * @param what the dependency, as the package has it
     */
    record Recommended(RepoPackage by, String what) implements Reason {
        public Recommended {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(what, "what");
        }

        @Override
        public Optional<RepoPackage> from() {
            return Optional.of(by);
        }

        @Override
        public String toString() {
            return by.nevra() + " recommends " + what;
        }
    }

    /**
     * It supplements a package of the solution; only where the request wants weak dependencies.
     *
     * @param to which
     * @param what the dependency, as the supplementing package has it
     */
    record Supplementing(RepoPackage to, String what) implements Reason {
        public Supplementing {
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(what, "what");
        }

        @Override
        public Optional<RepoPackage> from() {
            return Optional.of(to);
        }

        @Override
        public String toString() {
            return "supplements " + what + ", which is " + to.nevra();
        }
    }

    /**
     * Without it, a package of the solution would conflict with others: that has {@code Conflicts: (a unless b)}, a is
     * in the solution, and this is b.
     *
     * @param by which
     * @param what the conflict, as the package has it
     */
    record ConflictAvoided(RepoPackage by, String what) implements Reason {
        public ConflictAvoided {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(what, "what");
        }

        @Override
        public Optional<RepoPackage> from() {
            return Optional.of(by);
        }

        @Override
        public String toString() {
            return by.nevra() + " conflicts with " + what;
        }
    }
}
