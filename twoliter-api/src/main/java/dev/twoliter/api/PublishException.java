package dev.twoliter.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Publishing stopped, or was refused before it began. */
public final class PublishException extends TwoliterException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> published;

    /**
     * Reports a stop.
     *
     * @param message the sentence
     * @param hint what to do
     * @param published the references that had been published by then, in order; may be empty
     * @param cause the cause, or null
     */
    public PublishException(String message, String hint, List<String> published, @Nullable Throwable cause) {
        super("publish", message, hint, cause);
        this.published = List.copyOf(published);
    }

    /** {@return the references that had been published by then; may be empty} */
    public List<String> published() {
        return published;
    }
}
