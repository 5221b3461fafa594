package dev.twoliter.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Data from outside is not what its format demands: truncated, out of bounds, hostile, or of another kind. */
public final class FormatException extends TwoliterException {
    private static final long serialVersionUID = 1L;

    private final String subject;

    /**
     * Reports data.
     *
     * @param subject what was read: a file, a blob, a reference
     * @param message what is wrong with it
     */
    public FormatException(String subject, String message) {
        this(subject, message, "", null);
    }

    /**
     * Reports data.
     *
     * @param subject what was read: a file, a blob, a reference
     * @param message what is wrong with it
     * @param hint what to do; may be empty
     * @param cause the cause, or null
     */
    public FormatException(String subject, String message, String hint, @Nullable Throwable cause) {
        super("format", subject + ": " + message, hint, cause);
        this.subject = Objects.requireNonNull(subject, "subject");
    }

    /** {@return what was read: a file, a blob, a reference} */
    public String subject() {
        return subject;
    }
}
