package dev.twoliter.core.internal.disk.layout;

import java.io.Serial;

/** Partitions that do not go together. The message names them; what to do is separate. */
public final class LayoutException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String hint;

    LayoutException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    /** {@return what to do} */
    public String hint() {
        return hint;
    }
}
