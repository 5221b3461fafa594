package dev.twoliter.rpm;

import dev.twoliter.rpm.RichDependency.Chain;
import dev.twoliter.rpm.RichDependency.Condition;
import dev.twoliter.rpm.RichDependency.Conditional;
import dev.twoliter.rpm.RichDependency.Operator;

/**
 * Where an operator of a rich dependency may stand. {@code (a if b)} holds when b is absent, so it must not be an
 * alternative; {@code (a unless b)} is its mirror image. And {@code with} looks at one package, so nothing that needs
 * several may stand in it. Source: {@code rpmrichParseCheck} of rpm 4.18.
 */
final class RichRules {
    // What the operators around a dependency must not be.
    private static final int NOT_IN_WITH = 1;
    private static final int NOT_IN_AND = 2;
    private static final int NOT_IN_OR = 4;

    private final boolean all;

    private RichRules(boolean all) {
        this.all = all;
    }

    /** Fails if a {@code with} has something in it that one package alone cannot satisfy; no rpm reads that. */
    static void requireReadable(RichDependency dependency) {
        new RichRules(false).limits(dependency);
    }

    static void requireAllowedIn(RichDependency dependency, RelationKind kind) {
        RichRules rules = new RichRules(true);
        int limits = rules.limits(dependency);
        switch (kind) {
            case CONFLICTS, SUPPLEMENTS, ENHANCES -> rules.requireInOr(limits);
            case PROVIDES, REQUIRES, OBSOLETES, RECOMMENDS, SUGGESTS -> rules.requireInAnd(limits);
        }
    }

    private int limits(RichDependency dependency) {
        if (dependency instanceof Chain chain) {
            int limits = 0;
            for (RichDependency operand : chain.operands()) {
                limits |= limits(operand);
            }
            return limits(chain.operator(), limits);
        }
        if (dependency instanceof Condition rule) {
            RichDependency otherwise = rule.otherwise();
            int limits = limits(rule.wanted())
                    | (limits(rule.condition()) & NOT_IN_WITH)
                    | (otherwise == null ? 0 : limits(otherwise));
            if (rule.operator() == Conditional.IF) {
                requireInAnd(limits);
                return limits | NOT_IN_OR | NOT_IN_WITH;
            }
            requireInOr(limits);
            return limits | NOT_IN_AND | NOT_IN_WITH;
        }
        return 0;
    }

    private int limits(Operator operator, int operands) {
        switch (operator) {
            case AND -> {
                requireInAnd(operands);
                return (operands & ~(NOT_IN_AND | NOT_IN_OR)) | NOT_IN_WITH;
            }
            case OR -> {
                requireInOr(operands);
                return operands & ~(NOT_IN_AND | NOT_IN_OR);
            }
            case WITH, WITHOUT -> {
                if ((operands & NOT_IN_WITH) != 0) {
                    throw new IllegalArgumentException("'with' and 'without' may hold neither 'and' nor conditions");
                }
                return operands;
            }
        }
        throw new IllegalStateException("an operator without a rule: " + operator);
    }

    private void requireInAnd(int limits) {
        if (all && (limits & NOT_IN_AND) != 0) {
            throw new IllegalArgumentException("'unless' makes no sense here, where all must hold; write 'or' instead");
        }
    }

    private void requireInOr(int limits) {
        if (all && (limits & NOT_IN_OR) != 0) {
            throw new IllegalArgumentException(
                    "'if' makes no sense here, where one of several is enough; write 'and' instead");
        }
    }
}
