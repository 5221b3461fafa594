package dev.twoliter.rpm.internal.solve;

import dev.twoliter.api.ResolutionException;
import dev.twoliter.rpm.solve.PackageSolver;
import dev.twoliter.rpm.solve.Solution;
import dev.twoliter.rpm.solve.SolveRequest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Solves each request by a {@link Search} of its own. Thread-safe. */
public final class DnfSolver implements PackageSolver {
    @Override
    public Solution solve(SolveRequest request) {
        try {
            return new Solution(new Attempt(request).run());
        } catch (NormalForm.TooComplexException e) {
            throw new ResolutionException(
                    String.valueOf(e.getMessage()), "Express the dependency in another way.", List.of());
        }
    }

    /** One request. */
    static final class Attempt {
        private final SolveRequest request;
        final Pool pool;
        final List<Job> jobs = new ArrayList<>();
        final List<Rule> rules;
        private final int firstJob;

        Attempt(SolveRequest request) {
            this.request = request;
            pool = new Pool(request);
            for (String wanted : request.install()) {
                Job job = parse(wanted);
                if (job.candidates().length == 0) {
                    throw Refusal.unknown(wanted, pool);
                }
                jobs.add(job);
            }
            rules = new ArrayList<>(RuleBook.of(pool, jobs));
            firstJob = rules.size() + 1;
            jobs.forEach(job -> rules.add(new Rule(job.candidates(), new Rule.Job(job.wanted()))));
            if (request.best()) {
                jobs.forEach(this::addBest);
            }
        }

        private Job parse(String wanted) {
            try {
                return Jobs.of(wanted, pool);
            } catch (IllegalArgumentException e) {
                throw new ResolutionException(
                        String.valueOf(e.getMessage()), "Ask for a package's name, a capability or a path.", List.of());
            }
        }

        private void addBest(Job job) {
            int[] best = Policy.best(job.candidates(), pool);
            if (best.length < job.candidates().length) {
                rules.add(new Rule(best, new Rule.Best(job.wanted())));
            }
        }

        List<dev.twoliter.rpm.solve.Chosen> run() {
            try {
                return new Account(pool, rules, jobs, choose()).chosen();
            } catch (ContradictionException e) {
                throw new Refusal(pool, e.proof()).toException();
            }
        }

        BitSet choose() {
            return new Search(pool, rules, firstJob, firstJob + jobs.size() - 1, request.weakDependencies()).run();
        }
    }
}
