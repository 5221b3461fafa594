package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.RichDependency;
import dev.twoliter.rpm.solve.Chosen;
import dev.twoliter.rpm.solve.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Why each package of a solution is there, and who lost against it: the shortest way from the request, by dependencies that hold in the
 * solution. That is not always the way on which the search came to it, which nobody could follow.
 */
final class Account {
    private final Pool pool;
    private final BitSet chosen;
    private final Map<Integer, List<Rule>> byOwner = new HashMap<>();
    private final Map<Integer, Reason> reasons = new HashMap<>();
    private final Map<Integer, int[]> rivals = new HashMap<>();
    private final Deque<Integer> open = new ArrayDeque<>();
    private final Rivalry rivalry;

    Account(Pool pool, List<Rule> rules, List<Job> jobs, BitSet chosen) {
        this.pool = pool;
        this.chosen = chosen;
        rivalry = new Rivalry(pool, rules, chosen);
        for (Rule rule : rules) {
            Rule.Dependency dependency = rule.dependency();
            if (dependency != null && dependency.kind() != RelationKind.OBSOLETES) {
                byOwner.computeIfAbsent(dependency.owner(), id -> new ArrayList<>())
                        .add(rule);
            }
        }
        for (Job job : jobs) {
            reach(job.candidates(), new Reason.Requested(job.wanted()));
        }
        follow();
        followWeak();
    }

    private void reach(int[] literals, Reason reason) {
        for (int literal : literals) {
            if (literal < 0 && !chosen.get(-literal)) {
                return; // a condition that does not hold
            }
        }
        for (int literal : literals) {
            if (literal > 0 && chosen.get(literal) && !reasons.containsKey(literal)) {
                reasons.put(literal, reason);
                rivals.put(literal, literals);
                open.add(literal);
            }
        }
    }

    private void follow() {
        while (!open.isEmpty()) {
            int id = open.removeFirst();
            for (Rule rule : byOwner.getOrDefault(id, List.of())) {
                Rule.Dependency dependency = (Rule.Dependency) rule.origin();
                reach(
                        rule.literals(),
                        dependency.kind() == RelationKind.REQUIRES
                                ? new Reason.Required(pool.get(id).pkg(), dependency.what())
                                : new Reason.ConflictAvoided(pool.get(id).pkg(), dependency.what()));
            }
        }
    }

    private void followWeak() {
        for (boolean changed = true; changed; ) {
            int before = reasons.size();
            chosen.stream().filter(reasons::containsKey).forEach(this::reachRecommended);
            follow();
            chosen.stream().filter(id -> !reasons.containsKey(id)).forEach(this::reachSupplementing);
            follow();
            changed = reasons.size() > before;
        }
    }

    private void reachRecommended(int id) {
        for (Relation relation : pool.get(id).relations(RelationKind.RECOMMENDS)) {
            Reason reason = new Reason.Recommended(pool.get(id).pkg(), relation.toString());
            RichDependency dependency = pool.tree(relation);
            List<int[]> blocks = NormalForm.conjunctive(dependency, pool).blocks();
            if (blocks != null) {
                blocks.forEach(block -> reach(block, reason));
            }
        }
    }

    /** Finds one of the packages that a package supplements. */
    private void reachSupplementing(int id) {
        for (Relation relation : pool.get(id).relations(RelationKind.SUPPLEMENTS)) {
            List<int[]> blocks =
                    NormalForm.conjunctive(pool.tree(relation), pool).blocks();
            if (blocks == null) {
                continue;
            }
            for (int[] block : blocks) {
                int supplemented = Arrays.stream(block)
                        .filter(literal -> literal > 0 && reasons.containsKey(literal))
                        .findFirst()
                        .orElse(0);
                if (supplemented != 0) {
                    reach(
                            new int[] {id},
                            new Reason.Supplementing(pool.get(supplemented).pkg(), relation.toString()));
                    return;
                }
            }
        }
    }

    List<Chosen> chosen() {
        return chosen.stream().mapToObj(this::chosen).toList();
    }

    private Chosen chosen(int id) {
        Candidate candidate = pool.get(id);
        Reason reason = reasons.get(id);
        if (reason == null) {
            throw new IllegalStateException(candidate + " was chosen, but nothing asks for it");
        }
        return new Chosen(
                candidate.pkg(),
                candidate.repo().name(),
                reason,
                rivalry.losers(candidate, rivals.getOrDefault(id, new int[0])));
    }
}
