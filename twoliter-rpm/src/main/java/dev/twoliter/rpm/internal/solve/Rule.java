package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.RelationKind;
import org.jspecify.annotations.Nullable;

/**
 * A clause: at least one of its literals holds. A positive literal is a candidate that is chosen, a negative one a
 * candidate that is not.
 *
 * @param literals one or more, none twice; the first one and their order matter to the order of decisions
 * @param origin why it must hold
 */
record Rule(int[] literals, Origin origin) {

    /** Why a rule must hold. */
    sealed interface Origin {}

    /** The request asks for one of the candidates. */
    record Job(String wanted) implements Origin {}

    /** The request asks for the best of the candidates. */
    record Best(String wanted) implements Origin {}

    /** The request excludes a candidate. */
    record Excluded(int candidate) implements Origin {}

    /** A candidate requires something, conflicts with something or obsoletes something. */
    record Dependency(RelationKind kind, int owner, String what) implements Origin {}

    /** Of each name there is one package. */
    record SameName(String name) implements Origin {}

    /** Follows from other rules. */
    record Learned() implements Origin {}

    static final Learned LEARNED = new Learned();

    boolean isAssertion() {
        return literals.length == 1;
    }

    /** {@return the dependency this is of, or null} */
    @Nullable
    Dependency dependency() {
        return origin instanceof Dependency dependency ? dependency : null;
    }
}
