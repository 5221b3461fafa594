package dev.twoliter.rpm.internal.solve;

import dev.twoliter.api.ResolutionException;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.solve.Chosen;
import dev.twoliter.rpm.solve.PackageSolver;
import dev.twoliter.rpm.solve.Solution;
import dev.twoliter.rpm.solve.SolveRequest;
import java.util.List;

/** Solves each request by a {@link Search} of its own. Thread-safe. */
public final class SimpleSolver implements PackageSolver {
    @Override
    public Solution solve(SolveRequest request) {
        Pool pool = new Pool(request);
        Search search = new Search(pool);
        for (String wanted : request.install()) {
            search.request(wanted);
        }
        try {
            return new Solution(search.run().stream()
                    .map(pick -> new Chosen(
                            pick.candidate().pkg(), pick.candidate().repo().name(), pick.because()))
                    .toList());
        } catch (Rich.UnsupportedDependencyException e) {
            throw new ResolutionException(
                    String.valueOf(e.getMessage()), "Express the dependency in another way.", List.of());
        }
    }

    static Relation parseWanted(String wanted) {
        try {
            return Relation.parse(wanted);
        } catch (IllegalArgumentException e) {
            throw new ResolutionException(
                    String.valueOf(e.getMessage()), "Ask for a package's name, a capability or a path.", List.of());
        }
    }
}
