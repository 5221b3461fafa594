package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.Relation.Comparison;
import org.jspecify.annotations.Nullable;

/**
 * Whether ranges of versions meet, as libsolv has it. It differs from rpm ({@link Relation#matches}) where only one
 * side names a release: a capability without one stands for every release, so that {@code foo = 1} satisfies
 * {@code foo > 1-1}; a dependency without one is satisfied by equality alone.
 */
final class Versions {
    private static final int LESS = Comparison.LT.bits();
    private static final int GREATER = Comparison.GT.bits();
    private static final int EQUAL = Comparison.EQ.bits();

    private Versions() {}

    /** Tells whether a capability satisfies a dependency; their names are known to be equal. */
    static boolean meet(Relation wanted, Relation provided) {
        return meet(wanted, provided.comparison().bits(), provided.evr());
    }

    /** Tells whether a dependency names a package of that very version. */
    static boolean meet(Relation wanted, Evr evr) {
        return meet(wanted, EQUAL, evr);
    }

    private static boolean meet(Relation wanted, int provided, @Nullable Evr evr) {
        Evr limit = wanted.evr();
        if (limit == null || evr == null) {
            return true;
        }
        int asked = wanted.comparison().bits();
        if ((asked & provided & (LESS | GREATER)) != 0) {
            return true;
        }
        int order = compare(evr, limit);
        if (order == 0) {
            if (evr.release().isEmpty() && !limit.release().isEmpty()) {
                return (provided & EQUAL) != 0;
            }
            if (!evr.release().isEmpty() && limit.release().isEmpty()) {
                return (asked & EQUAL) != 0;
            }
            return (asked & provided & EQUAL) != 0;
        }
        return order < 0
                ? (asked & LESS) != 0 || (provided & GREATER) != 0
                : (asked & GREATER) != 0 || (provided & LESS) != 0;
    }

    /** Compares versions, of which a missing release equals every other. */
    static int compare(Evr a, Evr b) {
        int order = Long.compare(a.epoch(), b.epoch());
        if (order == 0) {
            order = Evr.compareSegments(a.version(), b.version());
        }
        return order != 0 || a.release().isEmpty() || b.release().isEmpty()
                ? order
                : Evr.compareSegments(a.release(), b.release());
    }
}
