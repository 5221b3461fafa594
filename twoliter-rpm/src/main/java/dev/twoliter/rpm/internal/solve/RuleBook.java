package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.RichDependency;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The rules of all candidates that a request may reach, in libsolv's order: by their first literal, then by the others,
 * so those of the last repository's last package come first. Which of several open rules is decided first depends on
 * it. Source: rpm-oci.md 7. Not thread-safe.
 */
final class RuleBook {
    /** Twenty thousand packages have a few millions. */
    private static final int MAX_LITERALS = 1 << 25;

    private final Pool pool;
    private final List<Rule> rules = new ArrayList<>();
    private final BitSet reached = new BitSet();
    private int literalCount;
    private final Deque<Integer> open = new ArrayDeque<>();

    private RuleBook(Pool pool) {
        this.pool = pool;
    }

    /** {@return the rules of the candidates of a request and of all that these may bring in} */
    static List<Rule> of(Pool pool, List<Job> jobs) {
        RuleBook book = new RuleBook(pool);
        for (Job job : jobs) {
            for (int id : job.candidates()) {
                book.reach(id);
            }
        }
        book.reachByWeakDependencies();
        return book.sorted();
    }

    private List<Rule> sorted() {
        rules.sort(Comparator.comparing(Rule::literals, RuleBook::compare));
        List<Rule> distinct = new ArrayList<>(rules.size());
        for (Rule rule : rules) {
            if (distinct.isEmpty()
                    || !Arrays.equals(distinct.get(distinct.size() - 1).literals(), rule.literals())) {
                distinct.add(rule);
            }
        }
        return distinct;
    }

    /** As if a zero ended each list, but of two that begin alike a pair comes before longer ones. */
    private static int compare(int[] a, int[] b) {
        for (int i = 0; i < a.length || i < b.length; i++) {
            if (i == 2 && (a.length == 2) != (b.length == 2)) {
                return a.length == 2 ? -1 : 1;
            }
            int order = Integer.compare(i < a.length ? a[i] : 0, i < b.length ? b[i] : 0);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private void reach(int id) {
        push(id);
        while (!open.isEmpty()) {
            add(pool.get(open.removeFirst()));
        }
    }

    private void push(int id) {
        if (!reached.get(id)) {
            reached.set(id);
            open.add(id);
        }
    }

    private void push(int[] literals) {
        for (int literal : literals) {
            if (literal > 0) {
                push(literal);
            }
        }
    }

    private void add(Candidate candidate) {
        int id = candidate.id();
        if (candidate.isExcluded()) {
            rules.add(new Rule(new int[] {-id}, new Rule.Excluded(id)));
        }
        for (Relation relation : candidate.relations(RelationKind.REQUIRES)) {
            addRequires(id, relation);
        }
        for (Relation relation : candidate.relations(RelationKind.CONFLICTS)) {
            addConflict(id, relation);
        }
        for (Relation relation : candidate.relations(RelationKind.OBSOLETES)) {
            for (int other : pool.providers(relation)) {
                Candidate obsolete = pool.get(other);
                if (obsolete.name().equals(relation.name()) && Versions.meet(relation, obsolete.evr())) {
                    addPair(id, other, new Rule.Dependency(RelationKind.OBSOLETES, id, relation.toString()));
                }
            }
        }
        for (int other : pool.named(candidate.name())) {
            addPair(id, other, new Rule.SameName(candidate.name()));
        }
        for (RelationKind weak : List.of(RelationKind.RECOMMENDS, RelationKind.SUGGESTS)) {
            for (Relation relation : candidate.relations(weak)) {
                pushWanted(pool.tree(relation), true);
            }
        }
    }

    private void addRequires(int id, Relation relation) {
        RichDependency wanted;
        Rule.Dependency origin = new Rule.Dependency(RelationKind.REQUIRES, id, relation.toString());
        try {
            wanted = pool.tree(relation);
        } catch (IllegalArgumentException e) {
            rules.add(new Rule(new int[] {-id}, origin)); // nothing satisfies what nobody understands
            return;
        }
        NormalForm form = NormalForm.conjunctive(wanted, pool);
        if (form.blocks() == null) {
            if (!form.constant()) {
                rules.add(new Rule(new int[] {-id}, origin));
            }
            return;
        }
        for (int[] block : form.blocks()) {
            addClause(id, block, origin);
        }
    }

    private void addConflict(int id, Relation relation) {
        RichDependency unwanted;
        try {
            unwanted = pool.tree(relation);
        } catch (IllegalArgumentException e) {
            return; // nothing satisfies what nobody understands
        }
        Rule.Dependency origin = new Rule.Dependency(RelationKind.CONFLICTS, id, relation.toString());
        if (!Pool.isComplex(unwanted)) {
            for (int other : pool.providers(unwanted)) {
                addPair(id, other, origin);
            }
            return;
        }
        NormalForm form = NormalForm.negated(unwanted, pool);
        if (form.blocks() == null) {
            if (!form.constant()) {
                rules.add(new Rule(new int[] {-id}, origin));
            }
            return;
        }
        for (int[] block : form.blocks()) {
            if (block.length > 1 || block[0] != -id) { // a package may conflict with what it provides itself
                addClause(id, block, origin);
            }
        }
    }

    /** Adds that a candidate needs one of some literals. */
    private void addClause(int id, int[] block, Rule.Dependency origin) {
        int[] literals = new int[block.length + 1];
        System.arraycopy(block, 0, literals, 0, block.length);
        literals[block.length] = -id;
        literals = Arrays.stream(literals).sorted().distinct().toArray();
        if (Arrays.binarySearch(literals, id) < 0) {
            literalCount += literals.length;
            if (literalCount > MAX_LITERALS) {
                throw new NormalForm.TooComplexException(origin.what());
            }
            rules.add(new Rule(literals, origin));
            push(literals);
        }
    }

    private void addPair(int id, int other, Rule.Origin origin) {
        if (id != other) {
            rules.add(new Rule(new int[] {-Math.max(id, other), -Math.min(id, other)}, origin));
        }
    }

    /** What is wanted, but not what is a condition, may be chosen. */
    private void pushWanted(RichDependency dependency, boolean wanted) {
        if (dependency instanceof RichDependency.Condition rule) {
            pushWanted(rule.wanted(), wanted);
            pushWanted(rule.condition(), !wanted);
            if (rule.otherwise() != null) {
                pushWanted(rule.otherwise(), wanted);
            }
        } else if (Pool.isComplex(dependency) && dependency instanceof RichDependency.Chain chain) {
            chain.operands().forEach(operand -> pushWanted(operand, wanted));
        } else if (wanted) {
            push(pool.providers(dependency));
        }
    }

    private void reachByWeakDependencies() {
        List<Candidate> attached = pool.all().stream()
                .filter(candidate -> !candidate.isExcluded()
                        && !(candidate.relations(RelationKind.SUPPLEMENTS).isEmpty()
                                && candidate.relations(RelationKind.ENHANCES).isEmpty()))
                .toList();
        boolean changed = !attached.isEmpty();
        while (changed) {
            changed = false;
            for (Candidate candidate : attached) {
                if (!reached.get(candidate.id()) && isAttached(candidate)) {
                    reach(candidate.id());
                    changed = true;
                }
            }
        }
    }

    private boolean isAttached(Candidate candidate) {
        return isPossible(candidate, RelationKind.SUPPLEMENTS) || isPossible(candidate, RelationKind.ENHANCES);
    }

    private boolean isPossible(Candidate candidate, RelationKind kind) {
        return candidate.relations(kind).stream().anyMatch(relation -> isPossible(pool.tree(relation)));
    }

    private boolean isPossible(RichDependency dependency) {
        if (dependency instanceof RichDependency.Condition) {
            return true;
        }
        if (Pool.isComplex(dependency) && dependency instanceof RichDependency.Chain chain) {
            return chain.operator() == RichDependency.Operator.AND
                    ? chain.operands().stream().allMatch(this::isPossible)
                    : chain.operands().stream().anyMatch(this::isPossible);
        }
        return Arrays.stream(pool.providers(dependency)).anyMatch(reached::get);
    }
}
