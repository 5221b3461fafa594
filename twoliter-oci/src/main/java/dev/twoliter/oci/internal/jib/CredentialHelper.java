package dev.twoliter.oci.internal.jib;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.registry.credentials.CredentialHelperNotFoundException;
import com.google.cloud.tools.jib.registry.credentials.CredentialHelperUnhandledServerUrlException;
import com.google.cloud.tools.jib.registry.credentials.DockerCredentialHelper;
import dev.twoliter.oci.RegistryCredential;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Asks a program that keeps credentials for Docker, as Jib does. */
public final class CredentialHelper {

    private CredentialHelper() {}

    /**
     * Asks.
     *
     * @param program the helper
     * @param server what to ask it for
     * @param environment variables that it gets beside those of this process
     * @return what it knows; empty if it does not know the server
     * @throws IOException if it fails; the message holds no secret
     */
    public static Optional<RegistryCredential> ask(Path program, String server, Map<String, String> environment)
            throws IOException {
        try {
            Credential found = new DockerCredentialHelper(server, program, environment).retrieve();
            return Optional.of(
                    found.isOAuth2RefreshToken()
                            ? RegistryCredential.identityToken(found.getPassword())
                            : RegistryCredential.password(found.getUsername(), found.getPassword()));
        } catch (CredentialHelperUnhandledServerUrlException e) {
            return Optional.empty();
        } catch (CredentialHelperNotFoundException e) {
            throw new IOException("there is no such program", e);
        }
    }
}
