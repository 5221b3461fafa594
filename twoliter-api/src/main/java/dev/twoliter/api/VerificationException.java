package dev.twoliter.api;

import java.util.Objects;

/** Content does not match its digest, or a signature is missing, bad, or made by a key that is not trusted. */
public final class VerificationException extends TwoliterException {
    private static final long serialVersionUID = 1L;

    private final String subject;

    /**
     * Reports content that must not be used.
     *
     * @param subject what was checked: a file or a reference
     * @param message what is wrong with it
     * @param hint what to do
     */
    public VerificationException(String subject, String message, String hint) {
        super("verification", subject + ": " + message, hint, null);
        this.subject = Objects.requireNonNull(subject, "subject");
    }

    /**
     * Reports a digest.
     *
     * @param subject what was checked: a file or a reference
     * @param expected the digest it should have
     * @param actual the digest it has
     * @param hint what to do
     * @return the exception
     */
    public static VerificationException digest(String subject, Object expected, Object actual, String hint) {
        return new VerificationException(subject, "the content has digest " + actual + " instead of " + expected, hint);
    }

    /** {@return what was checked: a file or a reference} */
    public String subject() {
        return subject;
    }
}
