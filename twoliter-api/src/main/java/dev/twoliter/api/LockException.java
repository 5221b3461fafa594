package dev.twoliter.api;

import java.util.List;

/** Twoliter.lock is missing, stale, or not what the registry holds. */
public final class LockException extends TwoliterException {
    private static final long serialVersionUID = 1L;

    /** What is the matter with the lock. */
    public enum Reason {
        /** There is no Twoliter.lock. */
        MISSING,
        /** Twoliter.toml asks for something else than the lock pins. */
        STALE,
        /** The lock file itself contradicts itself, or the registry holds other content under the pinned tag. */
        MISMATCH
    }

    private final Reason reason;
    private final transient List<String> differences;

    /**
     * Reports a lock.
     *
     * @param reason what is the matter
     * @param message the sentence, naming the file
     * @param hint what to do
     * @param differences one sentence each; may be empty
     */
    public LockException(Reason reason, String message, String hint, List<String> differences) {
        super("lock-" + reason.name().toLowerCase(java.util.Locale.ROOT), message, hint, null);
        this.reason = reason;
        this.differences = List.copyOf(differences);
    }

    /** {@return what is the matter} */
    public Reason reason() {
        return reason;
    }

    /** {@return each difference as a sentence; may be empty} */
    public List<String> differences() {
        return differences;
    }
}
