package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.RichDependency;
import dev.twoliter.rpm.RichDependency.Chain;
import dev.twoliter.rpm.RichDependency.Condition;
import dev.twoliter.rpm.RichDependency.Conditional;
import dev.twoliter.rpm.RichDependency.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * What the packages chosen so far recommend and suggest, and which packages attach themselves to them. Even where weak
 * dependencies bring nothing in, they decide between candidates. Not thread-safe.
 */
final class WeakDependencies {
    private final Pool pool;
    private final Engine engine;
    private final BitSet recommended = new BitSet();
    private final BitSet suggested = new BitSet();
    private final List<int[]> recommendedIf = new ArrayList<>();
    private final List<int[]> suggestedIf = new ArrayList<>();
    private int seen; // decisions that the sets know of

    WeakDependencies(Pool pool, Engine engine) {
        this.pool = pool;
        this.engine = engine;
    }

    void reverted(int decisions) {
        if (seen > decisions) {
            seen = 0;
            recommended.clear();
            suggested.clear();
            recommendedIf.clear();
            suggestedIf.clear();
        }
    }

    private void update() {
        IntList decisions = engine.decisions();
        for (; seen < decisions.size(); seen++) {
            int id = decisions.get(seen);
            if (id > 0) {
                add(pool.get(id).relations(RelationKind.RECOMMENDS), recommended, recommendedIf);
                add(pool.get(id).relations(RelationKind.SUGGESTS), suggested, suggestedIf);
            }
        }
        addWhereHolds(recommendedIf, recommended);
        addWhereHolds(suggestedIf, suggested);
    }

    private void add(List<Relation> relations, BitSet plain, List<int[]> conditional) {
        for (Relation relation : relations) {
            RichDependency dependency = pool.tree(relation);
            if (Pool.isComplex(dependency)) {
                List<int[]> blocks = NormalForm.conjunctive(dependency, pool).blocks();
                if (blocks != null) {
                    conditional.addAll(blocks);
                }
            } else {
                Arrays.stream(pool.providers(dependency)).forEach(plain::set);
            }
        }
    }

    private void addWhereHolds(List<int[]> blocks, BitSet into) {
        for (int[] block : blocks) {
            if (Arrays.stream(block).noneMatch(literal -> literal < 0 && !engine.isChosen(-literal))) {
                Arrays.stream(block).filter(literal -> literal > 0).forEach(into::set);
            }
        }
    }

    /** {@return whether a chosen package recommends a candidate, or it supplements one} */
    boolean isRecommended(int id) {
        update();
        return recommended.get(id) || isSupplementing(id);
    }

    /** {@return whether a candidate supplements what is chosen} */
    boolean isSupplementing(int id) {
        return isAttached(id, RelationKind.SUPPLEMENTS);
    }

    /** {@return whether a chosen package suggests a candidate, or it enhances one} */
    boolean isSuggested(int id) {
        update();
        return suggested.get(id) || isAttached(id, RelationKind.ENHANCES);
    }

    private boolean isAttached(int id, RelationKind kind) {
        for (Relation relation : pool.get(id).relations(kind)) {
            if (isSatisfied(pool.tree(relation))) {
                return true;
            }
        }
        return false;
    }

    private boolean isSatisfied(RichDependency dependency) {
        if (dependency instanceof Condition rule) {
            boolean applies = isSatisfied(rule.condition()) == (rule.operator() == Conditional.IF);
            if (applies) {
                return isSatisfied(rule.wanted());
            }
            RichDependency otherwise = rule.otherwise();
            return otherwise == null ? rule.operator() == Conditional.IF : isSatisfied(otherwise);
        }
        if (Pool.isComplex(dependency) && dependency instanceof Chain chain) {
            return chain.operator() == Operator.AND
                    ? chain.operands().stream().allMatch(this::isSatisfied)
                    : chain.operands().stream().anyMatch(this::isSatisfied);
        }
        for (int id : pool.providers(dependency)) {
            if (engine.isChosen(id)) {
                return true;
            }
        }
        return false;
    }
}
