package dev.twoliter.api;

/** A build, fetch or publication was cancelled or its thread interrupted. What had been finished is kept. */
public final class BuildCancelledException extends TwoliterException {
    private static final long serialVersionUID = 1L;

    /**
     * Reports a cancellation.
     *
     * @param message the sentence
     */
    public BuildCancelledException(String message) {
        super("cancelled", message, "Run it again: finished steps are not repeated.", null);
    }
}
