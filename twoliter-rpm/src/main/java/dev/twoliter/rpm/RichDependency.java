package dev.twoliter.rpm;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A rich ("boolean") dependency as a tree, such as {@code (a and (b if c else d >= 2))}. {@link #parse} reads what
 * {@code toString} writes. Source: rpm's manual, "Boolean dependencies", and the grammar of rpm 4.18 ({@code rpmds.c}).
 * Immutable, thread-safe.
 */
public sealed interface RichDependency {

    /** An operator between two or more operands; {@code without} has exactly two. */
    enum Operator {
        AND,
        OR,
        /** One package satisfies all operands. */
        WITH,
        /** One package satisfies the first operand and not the second. */
        WITHOUT;

        /** {@return the word as it is written} */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The two operators that have a condition. */
    enum Conditional {
        /** The wanted part must be satisfied when the condition is. */
        IF,
        /** The wanted part must be satisfied when the condition is not; the form for conflicts. */
        UNLESS;

        /** {@return the word as it is written} */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A dependency that is not rich.
     *
     * @param relation name and version
     */
    record Simple(Relation relation) implements RichDependency {
        public Simple {
            if (relation.isRich()) {
                throw new IllegalArgumentException("a simple dependency must not be the rich one " + relation);
            }
        }

        @Override
        public String toString() {
            return relation.toString();
        }
    }

    /**
     * Operands that one operator joins.
     *
     * @param operator the operator
     * @param operands two or more, for {@code without} two
     */
    record Chain(Operator operator, List<RichDependency> operands) implements RichDependency {
        public Chain {
            Objects.requireNonNull(operator, "operator");
            operands = List.copyOf(operands);
            if (operands.size() < 2 || (operator == Operator.WITHOUT && operands.size() > 2)) {
                throw new IllegalArgumentException("'" + operator + "' cannot join " + operands.size() + " operands");
            }
        }

        @Override
        public String toString() {
            return operands.stream()
                    .map(RichDependency::toString)
                    .collect(Collectors.joining(" " + operator + " ", "(", ")"));
        }
    }

    /**
     * {@code (wanted if condition else otherwise)}, or the same with {@code unless}.
     *
     * @param operator if or unless
     * @param wanted what comes first
     * @param condition when it counts
     * @param otherwise what counts in the other case; null for nothing
     */
    record Condition(
            Conditional operator,
            RichDependency wanted,
            RichDependency condition,
            @Nullable RichDependency otherwise) implements RichDependency {
        public Condition {
            Objects.requireNonNull(operator, "operator");
            Objects.requireNonNull(wanted, "wanted");
            Objects.requireNonNull(condition, "condition");
        }

        @Override
        public String toString() {
            return "(" + wanted + " " + operator + " " + condition + (otherwise == null ? "" : " else " + otherwise)
                    + ")";
        }
    }

    /**
     * Reads a rich dependency in parentheses, or a simple one.
     *
     * @param text as a header holds it and a spec file writes it
     * @return the tree
     * @throws IllegalArgumentException if it is malformed or nested more than 64 deep
     */
    static RichDependency parse(String text) {
        return of(Relation.parse(text));
    }

    /**
     * Reads the tree of a relation.
     *
     * @param relation one that {@link Relation#isRich is rich}, or any other
     * @return the tree; a {@link Simple} for one that is not rich
     * @throws IllegalArgumentException if it is malformed or nested more than 64 deep
     */
    static RichDependency of(Relation relation) {
        return relation.isRich() ? new RichParser(relation.name()).parse() : new Simple(relation);
    }

    /**
     * Fails if rpm refuses to build a package with this dependency: {@code if} makes no sense where any one of several
     * alternatives is enough, nor {@code unless} where all must hold.
     *
     * @param kind the list it is for
     * @throws IllegalArgumentException if rpmbuild would refuse it there
     */
    default void requireAllowedIn(RelationKind kind) {
        RichRules.requireAllowedIn(this, kind);
    }
}
