package dev.twoliter.api;

import org.jspecify.annotations.Nullable;

/** A key cannot be read, is of the wrong kind, or its passphrase is wrong; or something that must be signed is not. */
public final class SigningException extends TwoliterException {
    private static final long serialVersionUID = 1L;

    /**
     * Reports a key.
     *
     * @param message the sentence, naming the key file
     * @param hint what to do
     * @param cause the cause, or null
     */
    public SigningException(String message, String hint, @Nullable Throwable cause) {
        super("signing", message, hint, cause);
    }
}
