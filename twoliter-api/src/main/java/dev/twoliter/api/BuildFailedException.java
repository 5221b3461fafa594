package dev.twoliter.api;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A step of a build failed. Other failed steps are {@link #getSuppressed() suppressed} exceptions. */
public final class BuildFailedException extends TwoliterException {
    private static final long serialVersionUID = 1L;

    private final String step;
    private final transient List<String> lastLines;

    /**
     * Reports a step.
     *
     * @param step the step's identifier, such as {@code package hello-agent x86_64}
     * @param message the sentence
     * @param hint what to do
     * @param lastLines the last lines it printed; may be empty
     * @param cause the cause, or null
     */
    public BuildFailedException(
            String step, String message, String hint, List<String> lastLines, @Nullable Throwable cause) {
        super("build-failed", step + ": " + message, hint, cause);
        this.step = Objects.requireNonNull(step, "step");
        this.lastLines = List.copyOf(lastLines);
    }

    /** {@return the step's identifier} */
    public String step() {
        return step;
    }

    /** {@return the last lines that the step printed; may be empty} */
    public List<String> lastLines() {
        return lastLines;
    }
}
