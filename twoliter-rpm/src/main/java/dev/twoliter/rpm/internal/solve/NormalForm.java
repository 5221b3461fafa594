package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.RichDependency;
import dev.twoliter.rpm.RichDependency.Chain;
import dev.twoliter.rpm.RichDependency.Condition;
import dev.twoliter.rpm.RichDependency.Conditional;
import dev.twoliter.rpm.RichDependency.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A rich dependency over packages: clauses that must all hold (conjunctive), or of which one must hold (disjunctive).
 * {@code (a if b)} is {@code a or not b}; {@code (a if b else c)} is {@code (a or not b) and (c or b)}; {@code (a unless
 * b)} is {@code a and not b}; {@code (a unless b else c)} is {@code (a and not b) or (c and b)}. Source:
 * rpm-oci.md 7. Immutable, thread-safe.
 *
 * @param blocks the clauses, each of ascending literals; null where nothing is left to choose
 * @param constant what the dependency is where nothing is left to choose
 */
record NormalForm(@Nullable List<int[]> blocks, boolean constant) {
    /** A conjunction of alternatives may grow exponentially; what people write stays far below this. */
    private static final int MAX_LITERALS = 1 << 23;

    static final NormalForm TRUE = new NormalForm(null, true);
    static final NormalForm FALSE = new NormalForm(null, false);

    /** Thrown for a dependency that is too large to be written down as clauses. */
    static final class TooComplexException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        TooComplexException(Object dependency) {
            super("the dependency " + dependency + " has too many combinations");
        }
    }

    /** {@return the clauses that must all hold for a dependency to be satisfied} */
    static NormalForm conjunctive(RichDependency dependency, Pool pool) {
        return new Normaliser(pool, dependency).of(dependency, false);
    }

    /** {@return the clauses that must all hold for a dependency not to be satisfied} */
    static NormalForm negated(RichDependency dependency, Pool pool) {
        return new Normaliser(pool, dependency).of(dependency, true).negate();
    }

    /** Negating each literal turns one form into the other. */
    private NormalForm negate() {
        List<int[]> clauses = blocks;
        return clauses == null
                ? (constant ? FALSE : TRUE)
                : new NormalForm(
                        clauses.stream()
                                .map(block -> IntStream.of(block)
                                        .map(i -> -i)
                                        .sorted()
                                        .toArray())
                                .toList(),
                        false);
    }

    private record Normaliser(Pool pool, RichDependency whole) {

        NormalForm of(RichDependency dependency, boolean disjunctive) {
            if (dependency instanceof Condition rule) {
                return condition(rule, disjunctive);
            }
            if (Pool.isComplex(dependency) && dependency instanceof Chain chain) {
                NormalForm sum = of(chain.operands().get(0), disjunctive);
                for (RichDependency operand :
                        chain.operands().subList(1, chain.operands().size())) {
                    NormalForm next = of(operand, disjunctive);
                    sum = chain.operator() == Operator.AND ? and(sum, next, disjunctive) : or(sum, next, disjunctive);
                }
                return sum;
            }
            if (Pool.isOfRpm(dependency)) {
                return TRUE;
            }
            int[] providers = pool.providers(dependency);
            if (providers.length == 0) {
                return FALSE;
            }
            return new NormalForm(
                    disjunctive
                            ? IntStream.of(providers)
                                    .mapToObj(id -> new int[] {id})
                                    .toList()
                            : List.of(providers),
                    false);
        }

        private NormalForm condition(Condition rule, boolean disjunctive) {
            NormalForm wanted = of(rule.wanted(), disjunctive);
            NormalForm not = of(rule.condition(), !disjunctive).negate();
            RichDependency otherwise = rule.otherwise();
            boolean isIf = rule.operator() == Conditional.IF;
            NormalForm first = isIf ? or(wanted, not, disjunctive) : and(wanted, not, disjunctive);
            if (otherwise == null) {
                return first;
            }
            NormalForm condition = of(rule.condition(), disjunctive);
            NormalForm other = of(otherwise, disjunctive);
            return isIf
                    ? and(first, or(condition, other, disjunctive), disjunctive)
                    : or(first, and(condition, other, disjunctive), disjunctive);
        }

        private NormalForm and(NormalForm a, NormalForm b, boolean disjunctive) {
            if (a.blocks == null) {
                return a.constant ? b : a;
            }
            if (b.blocks == null) {
                return b.constant ? a : b;
            }
            return disjunctive ? distribute(a.blocks, b.blocks, FALSE) : join(a.blocks, b.blocks);
        }

        private NormalForm or(NormalForm a, NormalForm b, boolean disjunctive) {
            if (a.blocks == null) {
                return a.constant ? a : b;
            }
            if (b.blocks == null) {
                return b.constant ? b : a;
            }
            return disjunctive ? join(a.blocks, b.blocks) : distribute(a.blocks, b.blocks, TRUE);
        }

        private NormalForm join(List<int[]> a, List<int[]> b) {
            List<int[]> all = new ArrayList<>(a);
            all.addAll(b);
            requireSmall(all);
            return new NormalForm(all, false);
        }

        private NormalForm distribute(List<int[]> a, List<int[]> b, NormalForm ifEmpty) {
            List<int[]> all = new ArrayList<>();
            long literals = 0;
            for (int[] left : a) {
                for (int[] right : b) {
                    int[] merged = IntStream.concat(IntStream.of(left), IntStream.of(right))
                            .sorted()
                            .distinct()
                            .toArray();
                    literals += merged.length;
                    if (literals > MAX_LITERALS) {
                        throw new TooComplexException(whole);
                    }
                    if (!hasOpposites(merged)) {
                        all.add(merged);
                    }
                }
            }
            return all.isEmpty() ? ifEmpty : new NormalForm(all, false);
        }

        private void requireSmall(List<int[]> blocks) {
            if (blocks.stream().mapToLong(block -> block.length).sum() > MAX_LITERALS) {
                throw new TooComplexException(whole);
            }
        }

        private static boolean hasOpposites(int[] sorted) {
            for (int low = 0, high = sorted.length - 1; low < high; ) {
                int sum = sorted[low] + sorted[high];
                if (sum == 0) {
                    return true;
                }
                if (sum < 0) {
                    low++;
                } else {
                    high--;
                }
            }
            return false;
        }
    }
}
