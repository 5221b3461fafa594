package dev.twoliter.oci.internal.jib;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.CredentialRetriever;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import com.google.cloud.tools.jib.registry.credentials.CredentialRetrievalException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks for the credentials of a registry where Docker and Podman keep them. Thread-safe. */
final class Credentials {

    private static final System.Logger LOG = System.getLogger(Credentials.class.getName());

    private final Map<String, CredentialRetriever> sources = new LinkedHashMap<>();
    private boolean searched;
    private @Nullable Credential found;

    Credentials(String host, String repository) {
        CredentialRetrieverFactory factory = CredentialRetrieverFactory.forImage(
                ImageReference.of(host, repository, null),
                event -> LOG.log(System.Logger.Level.DEBUG, event::getMessage));
        String dockerConfig = System.getenv("DOCKER_CONFIG");
        if (dockerConfig != null) {
            sources.put("$DOCKER_CONFIG/config.json", factory.dockerConfig(Path.of(dockerConfig, "config.json")));
        }
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null) {
            sources.put(
                    "$XDG_RUNTIME_DIR/containers/auth.json",
                    factory.dockerConfig(Path.of(runtime, "containers", "auth.json")));
        }
        sources.put("~/.docker/config.json", factory.dockerConfig());
        sources.put("credential helpers on the PATH", factory.wellKnownCredentialHelpers());
    }

    /** Where {@link #find} looks, in order. */
    List<String> sources() {
        return List.copyOf(sources.keySet());
    }

    /** Looks once; only when a registry asks, for a helper may ask the user. */
    synchronized Optional<Credential> find() {
        if (!searched) {
            searched = true;
            found = search();
        }
        return Optional.ofNullable(found);
    }

    private @Nullable Credential search() {
        for (Map.Entry<String, CredentialRetriever> source : sources.entrySet()) {
            try {
                Optional<Credential> credential = source.getValue().retrieve();
                if (credential.isPresent()) {
                    return credential.get();
                }
            } catch (CredentialRetrievalException e) {
                // The next source may have them; if none has, the refusal names all of them.
                LOG.log(System.Logger.Level.DEBUG, "no credentials from " + source.getKey(), e);
            }
        }
        return null;
    }
}
