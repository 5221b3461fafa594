package dev.twoliter.rpm.solve;

import dev.twoliter.rpm.internal.solve.DnfSolver;

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
     * {@return the solver} It decides as dnf 4 and its libsolv do: repositories of better priority first, then the best
     * version of each name; it does not look for the smallest set. It understands versions, files, conflicts,
     * obsoletes and all rich dependencies. The same request always gets the same answer.
     */
    static PackageSolver create() {
        return new DnfSolver();
    }
}
