package dev.twoliter.api;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of every error that this library reports. All are unchecked, because the API is used in lambdas and in
 * JShell; the hierarchy is sealed, so a caller can cover every case. The message says what failed and where;
 * {@link #hint()} says what to do about it.
 */
public abstract sealed class TwoliterException extends RuntimeException
        permits InvalidProjectException,
                LockException,
                ResolutionException,
                SourceException,
                RegistryException,
                BuildFailedException,
                SigningException,
                PublishException,
                BuildCancelledException,
                StorageException,
                FormatException,
                VerificationException,
                EngineException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final String hint;

    /**
     * Called by subclasses.
     *
     * @param code a short stable name, such as {@code lock-stale}
     * @param message what failed and where
     * @param hint what to do; empty when there is nothing to say
     * @param cause the cause, or null
     */
    protected TwoliterException(String code, String message, String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
        this.hint = Objects.requireNonNull(hint, "hint");
    }

    /** {@return a short stable name of this kind of error, for scripts, such as {@code lock-stale}} */
    public String code() {
        return code;
    }

    /** {@return what the user can do about it, one sentence} */
    public Optional<String> hint() {
        return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
    }
}
