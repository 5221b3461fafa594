package dev.twoliter.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A source file of a package is missing, cannot be fetched or has another digest than the manifest says. */
public final class SourceException extends TwoliterException {
    private static final long serialVersionUID = 1L;

    private final String source;

    /**
     * Reports a source.
     *
     * @param source its path or URL
     * @param message the sentence
     * @param hint what to do
     * @param cause the cause, or null
     */
    public SourceException(String source, String message, String hint, @Nullable Throwable cause) {
        super("source", message, hint, cause);
        this.source = Objects.requireNonNull(source, "source");
    }

    /** {@return the path or URL} */
    public String source() {
        return source;
    }
}
