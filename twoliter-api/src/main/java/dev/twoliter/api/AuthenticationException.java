package dev.twoliter.api;

import java.util.List;

/** A registry refused the credentials, or there were none (HTTP 401 and 403). */
public final class AuthenticationException extends RegistryException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> sourcesTried;

    /**
     * Reports a refusal.
     *
     * @param registry the registry's host
     * @param repository the repository
     * @param status 401 or 403
     * @param message the sentence
     * @param hint what to do
     * @param sourcesTried where credentials were looked for, in order; never a secret
     */
    public AuthenticationException(
            String registry, String repository, int status, String message, String hint, List<String> sourcesTried) {
        super(registry, repository, status, false, message, hint, null);
        this.sourcesTried = List.copyOf(sourcesTried);
    }

    /** {@return where credentials were looked for, in order} */
    public List<String> sourcesTried() {
        return sourcesTried;
    }
}
