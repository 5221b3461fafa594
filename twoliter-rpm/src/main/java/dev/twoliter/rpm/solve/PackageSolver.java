package dev.twoliter.rpm.solve;

import dev.twoliter.rpm.internal.solve.SimpleSolver;

/** Chooses the packages that a request needs. Implementations are thread-safe. */
public interface PackageSolver {
    /**
     * Chooses packages for an empty system.
     *
     * @param request what is wanted, and from where
     * @return a set that is closed and free of conflicts
     * @throws dev.twoliter.api.ResolutionException if there is none, saying who needs what
     */
    Solution solve(SolveRequest request);

    /**
     * {@return a solver that tries candidates in dnf's order and steps back where they do not fit} It understands
     * versions, files, conflicts, obsoletes and the rich dependencies {@code and}, {@code or}, {@code if} …
     * {@code else}, {@code with} and {@code without}; it refuses {@code unless}, and ignores weak dependencies.
     */
    static PackageSolver simple() {
        return new SimpleSolver();
    }
}
