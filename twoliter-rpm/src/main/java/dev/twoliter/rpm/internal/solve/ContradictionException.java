package dev.twoliter.rpm.internal.solve;

import java.util.List;

/** Thrown when rules cannot be satisfied; it never leaves the solver. */
final class ContradictionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Rule> proof;

    ContradictionException(List<Rule> proof) {
        super("the rules contradict each other", null, false, false);
        this.proof = List.copyOf(proof);
    }

    /** {@return given rules that contradict each other, not always the fewest} */
    List<Rule> proof() {
        return proof;
    }
}
