package dev.twoliter.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A registry (or an OCI layout that stands for one) did not do what was asked. */
public sealed class RegistryException extends TwoliterException permits AuthenticationException {
    private static final long serialVersionUID = 1L;

    private final String registry;
    private final String repository;
    private final int status;
    private final boolean retryable;

    /**
     * Reports a failed call.
     *
     * @param registry the registry's host, or {@code oci:DIR}
     * @param repository the repository
     * @param status the HTTP status, 0 when there was none
     * @param retryable whether the same call may go through later
     * @param message the sentence
     * @param hint what to do
     * @param cause the cause, or null
     */
    public RegistryException(
            String registry,
            String repository,
            int status,
            boolean retryable,
            String message,
            String hint,
            @Nullable Throwable cause) {
        super("registry", message, hint, cause);
        this.registry = Objects.requireNonNull(registry, "registry");
        this.repository = Objects.requireNonNull(repository, "repository");
        this.status = status;
        this.retryable = retryable;
    }

    /** {@return the registry's host, or {@code oci:DIR}} */
    public String registry() {
        return registry;
    }

    /** {@return the repository} */
    public String repository() {
        return repository;
    }

    /** {@return the HTTP status, 0 when there was none} */
    public int status() {
        return status;
    }

    /** {@return whether the same call may go through later} */
    public boolean retryable() {
        return retryable;
    }
}
