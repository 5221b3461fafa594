package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RichDependency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dependency as this solver sees it.
 */
sealed interface Rich {

    record Atom(Relation relation) implements Rich {
        @Override
        public String toString() {
            return relation.toString();
        }
    }

    /** {@code and}, {@code or}, {@code with}, {@code without}. */
    record Chain(String operator, List<Rich> parts) implements Rich {}

    /** {@code wanted if condition else otherwise}. */
    record If(Rich wanted, Rich condition, @Nullable Rich otherwise) implements Rich {}

    /** Something this solver does not do. */
    final class UnsupportedDependencyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnsupportedDependencyException(String message) {
            super(message);
        }
    }

    static Rich of(Relation relation) {
        try {
            return of(RichDependency.of(relation));
        } catch (IllegalArgumentException e) {
            throw new UnsupportedDependencyException(String.valueOf(e.getMessage()));
        }
    }

    private static Rich of(RichDependency dependency) {
        if (dependency instanceof RichDependency.Chain chain) {
            return new Chain(
                    chain.operator().toString(),
                    chain.operands().stream().map(Rich::of).toList());
        }
        if (dependency instanceof RichDependency.Condition rule) {
            if (rule.operator() == RichDependency.Conditional.UNLESS) {
                throw new UnsupportedDependencyException("'unless' is not supported: " + rule);
            }
            RichDependency otherwise = rule.otherwise();
            return new If(of(rule.wanted()), of(rule.condition()), otherwise == null ? null : of(otherwise));
        }
        return new Atom(((RichDependency.Simple) dependency).relation());
    }
}
