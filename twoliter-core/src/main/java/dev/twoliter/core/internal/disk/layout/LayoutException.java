package dev.twoliter.core.internal.disk.layout;

import java.io.Serial;

/** Partitions that do not go together. The message names them; what to do is separate. */
public final class LayoutException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String problem;
    private final String hint;

    LayoutException(String problem, String hint) {
        super(problem);
        this.problem = problem;
        this.hint = hint;
    }

    /** {@return what is wrong, as the message says it} */
    public String problem() {
        return problem;
    }

    /** {@return what to do} */
    public String hint() {
        return hint;
    }
}
