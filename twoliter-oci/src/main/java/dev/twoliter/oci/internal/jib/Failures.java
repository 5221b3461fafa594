package dev.twoliter.oci.internal.jib;

import com.google.cloud.tools.jib.api.RegistryAuthenticationFailedException;
import com.google.cloud.tools.jib.http.ResponseException;
import com.google.cloud.tools.jib.registry.RegistryCredentialsNotSentException;
import dev.twoliter.api.AuthenticationException;
import dev.twoliter.api.RegistryException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in our words what failed between us and one repository. */
record Failures(String host, String repository, List<String> credentialSources) {

    /** Reports what was being done and why it failed. */
    RegistryException of(String action, Exception cause) {
        ResponseException response = find(ResponseException.class, cause);
        int status = response == null ? 0 : response.getStatusCode();
        if (status == 401
                || status == 403
                || find(RegistryAuthenticationFailedException.class, cause) != null
                || find(RegistryCredentialsNotSentException.class, cause) != null) {
            return refused(action, status == 403 ? 403 : 401);
        }
        if (response == null) {
            return new RegistryException(
                    host,
                    repository,
                    0,
                    true,
                    "cannot " + action + " at " + host + "/" + repository + ": " + reason(cause),
                    "Check the host name, the network and the proxy, then try again.",
                    cause);
        }
        boolean retryable = status == 429 || status >= 500;
        String hint = retryable
                ? "The registry is overloaded or broken at the moment: try again later."
                : "Check that the repository exists and that the registry accepts this kind of content.";
        return new RegistryException(
                host,
                repository,
                status,
                retryable,
                "cannot " + action + " at " + host + "/" + repository + ": the registry answered HTTP " + status,
                hint,
                cause);
    }

    /** Reports that credentials were refused, or that there are none. */
    AuthenticationException refused(String action, int status) {
        return new AuthenticationException(
                host,
                repository,
                status,
                "cannot " + action + " at " + host + "/" + repository + ": the registry denies access (HTTP " + status
                        + "); credentials were looked for in " + String.join(", ", credentialSources),
                "Log in with 'docker login " + host + "', or ask for access to the repository.",
                credentialSources);
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private static <T extends Throwable> @Nullable T find(Class<T> type, Throwable thrown) {
        Throwable t = thrown;
        for (int depth = 0; t != null && depth < 16; depth++, t = t.getCause()) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
        }
        return null;
    }
}
