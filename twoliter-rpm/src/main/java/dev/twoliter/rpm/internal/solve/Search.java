package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.RichDependency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The order of decisions, which is libsolv's: what was asked for; then open dependencies, those with one candidate left
 * by {@link Policy} first; then, if wanted, weak dependencies; at last, where a candidate that was not taken came in
 * later all the same, once more with it taken first. Source: rpm-oci.md 7. Used once.
 */
final class Search {

    /** A choice between several candidates. */
    private static final class Branch {
        final int level;
        final int[] candidates; // negative for those that were taken

        Branch(int level, int[] candidates) {
            this.level = level;
            this.candidates = candidates.clone();
            take(0);
        }

        int take(int index) {
            int id = candidates[index];
            candidates[index] = -id;
            return id;
        }
    }

    private final Pool pool;
    private final Engine engine;
    private final WeakDependencies weak;
    private final Policy policy;
    private final int firstJob;
    private final int lastJob;
    private final boolean installWeak;
    private final List<Branch> branches = new ArrayList<>();

    /**
     * Makes a search.
     *
     * @param pool the candidates
     * @param rules all rules
     * @param firstJob the number of the first rule of a job; these are in one row
     * @param lastJob the number of the last one
     * @param installWeak whether recommended packages are to be chosen too
     */
    Search(Pool pool, List<Rule> rules, int firstJob, int lastJob, boolean installWeak) {
        this.pool = pool;
        this.firstJob = firstJob;
        this.lastJob = lastJob;
        this.installWeak = installWeak;
        engine = new Engine(pool.size(), rules);
        weak = new WeakDependencies(pool, engine);
        policy = new Policy(pool, weak);
        engine.listen(this::reverted);
    }

    private void reverted(int level, int decisions) {
        while (!branches.isEmpty() && branches.get(branches.size() - 1).level >= level) {
            branches.remove(branches.size() - 1);
        }
        weak.reverted(decisions);
    }

    /**
     * {@return the numbers of the chosen candidates}
     *
     * @throws ContradictionException if the rules cannot be satisfied
     */
    BitSet run() {
        engine.begin();
        int level = 1;
        int secured = 2; // jobs are done as long as the level does not fall below
        while (true) {
            if (level < secured) {
                int before = level;
                level = resolveJobs(level);
                if (level < before) {
                    continue;
                }
                secured = level;
            }
            int before = level;
            level = resolveDependencies(level);
            if (level < before) {
                continue;
            }
            if (installWeak) {
                int reached = resolveWeak(level);
                if (reached != UNCHANGED) {
                    level = reached;
                    continue;
                }
            }
            int reached = minimise();
            if (reached == UNCHANGED) {
                BitSet chosen = new BitSet();
                IntStream.rangeClosed(1, pool.size()).filter(engine::isChosen).forEach(chosen::set);
                return chosen;
            }
            level = reached;
        }
    }

    private static final int UNCHANGED = -1;

    private int resolveJobs(int from) {
        int level = from;
        for (int rule = firstJob; rule <= lastJob; rule++) {
            int[] open = openCandidates(rule);
            while (open.length > 0) {
                int before = level;
                level = select(level, open);
                if (level > before) {
                    break;
                }
                if (level < before) {
                    if (level < from) {
                        return level;
                    }
                    rule = firstJob; // once more from the beginning
                }
                open = openCandidates(rule);
            }
        }
        return level;
    }

    /** {@return what may satisfy a rule that is neither satisfied nor impossible to violate; empty if it is either} */
    private int[] openCandidates(int rule) {
        int[] literals = engine.rule(rule).literals();
        if (literals[0] < 0 && (literals.length == 2 || !engine.isChosen(-literals[0]))) {
            return NONE; // most rules: they need nothing yet, or leave no choice
        }
        int count = 0;
        for (int literal : literals) {
            if (literal < 0 ? !engine.isChosen(-literal) : engine.isChosen(literal)) {
                return NONE;
            }
            if (literal > 0 && engine.isOpen(literal)) {
                count++;
            }
        }
        if (count == 0) {
            return NONE;
        }
        int[] open = new int[count];
        int next = 0;
        for (int literal : literals) {
            if (literal > 0 && engine.isOpen(literal)) {
                open[next++] = literal;
            }
        }
        return open;
    }

    private static final int[] NONE = {};

    private int resolveDependencies(int from) {
        int level = from;
        int postponed = 0; // the first rule with a real choice; negative once choices are made
        int visited = 0;
        int rule = 0;
        while (true) {
            if (++visited > engine.lastRule()) {
                if (postponed <= 0) {
                    return level;
                }
                rule = postponed;
                postponed = -1;
                visited = 1;
            } else {
                rule++;
            }
            if (rule > engine.lastRule()) {
                rule = 1;
            }
            int[] open = openCandidates(rule);
            if (open.length == 0) {
                continue;
            }
            if (postponed >= 0) {
                open = policy.narrow(open);
                if (open.length > 1) {
                    postponed = postponed == 0 ? rule : postponed;
                    continue;
                }
            }
            level = select(level, open);
            if (level < from) {
                return level;
            }
            visited = 0;
        }
    }

    private int select(int level, int[] open) {
        int[] choice = open.length > 1 ? policy.choose(open) : open;
        if (choice.length > 1) {
            branches.add(new Branch(level, choice));
        }
        return engine.decide(level, choice[0]);
    }

    /** Returns the level that was reached, or {@link #UNCHANGED}. */
    private int resolveWeak(int from) {
        IntList recommended = new IntList();
        IntList supplementing = new IntList();
        for (Candidate candidate : pool.all()) {
            if (engine.isChosen(candidate.id())) {
                for (Relation relation : candidate.relations(RelationKind.RECOMMENDS)) {
                    Arrays.stream(openRecommended(relation)).forEach(recommended::addNew);
                }
            } else if (engine.isOpen(candidate.id())
                    && !candidate.isExcluded()
                    && weak.isSupplementing(candidate.id())) {
                supplementing.add(candidate.id());
            }
        }
        Arrays.stream(supplementing.toArray()).forEach(recommended::addNew);
        if (recommended.isEmpty()) {
            return UNCHANGED;
        }
        if (recommended.size() == 1) {
            return engine.decide(from, recommended.get(0));
        }
        BitSet best = new BitSet();
        Arrays.stream(Policy.best(recommended.toArray(), pool)).forEach(best::set);
        int level = from;
        int decided = engine.decisions().size();
        for (int id : policy.ordered(
                Arrays.stream(supplementing.toArray()).filter(best::get).toArray())) {
            if (!engine.isOpen(id)) {
                continue;
            }
            int before = level;
            level = engine.decide(level, id);
            if (level <= before) {
                return level;
            }
        }
        return engine.decisions().size() < decided ? level : resolveRecommended(level, decided, best);
    }

    private int resolveRecommended(int from, int decided, BitSet best) {
        int level = from;
        for (int i = 0; i < decided; i++) {
            int id = engine.decisions().get(i);
            if (id < 0) {
                continue;
            }
            for (Relation relation : pool.get(id).relations(RelationKind.RECOMMENDS)) {
                int[] open = Arrays.stream(openRecommended(relation))
                        .filter(best::get)
                        .toArray();
                if (open.length == 0) {
                    continue;
                }
                int before = level;
                level = select(level, open);
                if (level <= before || engine.decisions().size() < decided) {
                    return level;
                }
            }
        }
        return level;
    }

    /** {@return the open candidates for a recommendation that no chosen package satisfies} */
    private int[] openRecommended(Relation relation) {
        RichDependency dependency = pool.tree(relation);
        if (!Pool.isComplex(dependency)) {
            return openPart(pool.providers(dependency));
        }
        List<int[]> blocks = NormalForm.conjunctive(dependency, pool).blocks();
        IntList open = new IntList();
        if (blocks != null) {
            for (int[] block : blocks) {
                if (Arrays.stream(block).allMatch(literal -> literal > 0 || engine.isChosen(-literal))) {
                    Arrays.stream(openPart(Arrays.stream(block)
                                    .filter(literal -> literal > 0)
                                    .toArray()))
                            .forEach(open::addNew);
                }
            }
        }
        return open.toArray();
    }

    private int[] openPart(int[] candidates) {
        return Arrays.stream(candidates).anyMatch(engine::isChosen)
                ? NONE
                : Arrays.stream(candidates).filter(engine::isOpen).toArray();
    }

    /** Returns the level that was reached, or {@link #UNCHANGED} where there is nothing to improve. */
    private int minimise() {
        Branch branch = null;
        int other = 0;
        for (int i = branches.size() - 1; i >= 0; i--) {
            int index = improvement(branches.get(i));
            if (index >= 0) {
                branch = branches.get(i);
                other = index;
            }
        }
        if (branch == null) {
            return UNCHANGED;
        }
        int id = branch.take(other);
        branches.subList(branches.indexOf(branch), branches.size()).clear();
        engine.revert(branch.level);
        branches.add(branch);
        return engine.decide(branch.level, id);
    }

    /** {@return which other candidate came in too, or is recommended while the one taken is not; negative for none} */
    private int improvement(Branch branch) {
        int recommended = -1;
        for (int i = 0; i < branch.candidates.length; i++) {
            int id = branch.candidates[i];
            if (id < 0) {
                continue;
            }
            if (engine.level(id) > branch.level) {
                return i;
            }
            if (recommended < 0 && weak.isRecommended(id)) {
                recommended = i;
            }
        }
        return recommended >= 0 && Arrays.stream(branch.candidates).anyMatch(id -> isWorse(-id, branch))
                ? recommended
                : -1;
    }

    private boolean isWorse(int taken, Branch branch) {
        return taken > 0 && engine.level(taken) == branch.level + 1 && !weak.isRecommended(taken);
    }
}
