package dev.twoliter.oci.internal.registry;

import dev.twoliter.api.AuthenticationException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.oci.internal.http.ProxyRefusalException;
import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in our words what failed between us and one repository. */
record Failures(Server server, String repository, Credentials credentials) {

    /** Reports what was being done and why it failed. */
    RegistryException of(String action, IOException cause) {
        if (cause instanceof StatusException status) {
            return status.status() == 401 || status.status() == 403
                    ? refused(action, status)
                    : failure(
                            action,
                            status.status(),
                            status.isTemporary(),
                            "the registry answered",
                            hint(status),
                            cause);
        }
        if (cause instanceof ProxyRefusalException proxy) {
            return failure(
                    action,
                    0,
                    proxy.status() >= 500,
                    "",
                    proxy.status() == 407
                            ? "Put the user and the password into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT."
                            : "Check HTTPS_PROXY and NO_PROXY.",
                    cause);
        }
        if (isAboutCertificates(cause)) {
            return failure(
                    action,
                    0,
                    false,
                    "its certificate is not trusted:",
                    "If an authority of your own issued it, name its certificate in SSL_CERT_FILE.",
                    cause);
        }
        return failure(action, 0, true, "", "Check the host name, the network and the proxy, then try again.", cause);
    }

    private static String hint(StatusException status) {
        return status.isTemporary()
                ? "The registry is overloaded or broken at the moment: try again later."
                : "Check that the repository exists and that the registry accepts this kind of content.";
    }

    private RegistryException failure(
            String action, int status, boolean retryable, String lead, String hint, @Nullable IOException cause) {
        String why = (lead + " " + (cause == null ? "" : reason(cause))).strip();
        return new RegistryException(
                server.host(),
                repository,
                status,
                retryable,
                "cannot " + action + " at " + where() + ": " + why,
                hint,
                cause);
    }

    /** Reports something that the registry should have. */
    RegistryException missing(String action, String what) {
        return new RegistryException(
                server.host(),
                repository,
                404,
                false,
                "cannot " + action + " at " + where() + ": there is no such " + what,
                "The image is incomplete: publish it anew.",
                null);
    }

    private AuthenticationException refused(String action, StatusException cause) {
        return new AuthenticationException(
                server.host(),
                repository,
                cause.status(),
                "cannot " + action + " at " + where() + ": the registry denies access, " + cause.getMessage() + "; "
                        + credentials.story(),
                credentials.hint(),
                credentials.tried());
    }

    private String where() {
        return server.host() + "/" + repository;
    }

    private static boolean isAboutCertificates(IOException failure) {
        Throwable t = failure;
        for (int depth = 0; t != null && depth < 16; depth++, t = t.getCause()) {
            if (t instanceof CertificateException) {
                return failure instanceof SSLException;
            }
        }
        return false;
    }

    static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
