package dev.twoliter.rpm.solve;

import dev.twoliter.rpm.repo.RepoPackage;
import java.util.Objects;

/** Why a package is part of a solution. Its text is one for people. Immutable, thread-safe. */
public sealed interface Reason {

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
        public String toString() {
            return "requested";
        }
    }

    /**
     * A package of the solution needs it.
     *
     * @param by which; it is in the solution for a reason of its own, and following these ends at a {@link Requested}
     * @param what the dependency, as the package has it
     */
    record Required(RepoPackage by, String what) implements Reason {
        public Required {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(what, "what");
        }

        @Override
        public String toString() {
            return by.nevra() + " requires " + what;
        }
    }
}
