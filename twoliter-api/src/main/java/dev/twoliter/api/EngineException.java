package dev.twoliter.api;

import org.jspecify.annotations.Nullable;

/** A build engine cannot do a step. Engines and signers of other parties may extend it. */
public non-sealed class EngineException extends TwoliterException {
    private static final long serialVersionUID = 1L;

    /**
     * Reports a step.
     *
     * @param message the sentence
     * @param hint what to do
     * @param cause the cause, or null
     */
    public EngineException(String message, String hint, @Nullable Throwable cause) {
        super("engine", message, hint, cause);
    }
}
