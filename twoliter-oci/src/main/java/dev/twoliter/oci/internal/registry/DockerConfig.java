package dev.twoliter.oci.internal.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoliter.api.FormatException;
import dev.twoliter.oci.RegistryCredential;
import dev.twoliter.oci.internal.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A file in which Docker or Podman keeps credentials (docker-config, and containers-auth.json(5)). Entries may be for a
 * registry, or for a part of one: {@code registry.example/team/kit}; the longest that fits is taken.
 */
final class DockerConfig {

    /** What Docker writes as user beside an identity token. */
    private static final String TOKEN_USER = "<token>";

    private final String file;
    private final JsonNode root;

    private DockerConfig(String file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read
     * @throws FormatException if it is not JSON
     */
    static DockerConfig read(Path file) throws IOException {
        if (Files.size(file) > Json.MAX_MANIFEST) {
            throw new FormatException(file.toString(), "it is too large to hold credentials");
        }
        return new DockerConfig(file.toString(), Json.parse(file.toString(), Files.readAllBytes(file)));
    }

    /**
     * What an entry is.
     *
     * @param helper the helper that knows the credentials, without {@code docker-credential-}; empty if they are here
     * @param server what to ask it for
     * @param credential the credentials, if they are here
     */
    record Entry(String helper, String server, Optional<RegistryCredential> credential) {}

    /** {@return what the file has for a repository, the best first} */
    List<Entry> entries(RegistryName name, String repository) {
        List<Entry> entries = new ArrayList<>();
        for (String wanted : name.keys(repository)) {
            helper(wanted).ifPresent(entries::add);
            password(wanted).ifPresent(entries::add);
        }
        String store = root.path("credsStore").asText("");
        if (!store.isEmpty()) {
            entries.add(new Entry(store, name.serverForHelpers(), Optional.empty()));
        }
        return entries;
    }

    private Optional<Entry> helper(String wanted) {
        for (var field : root.path("credHelpers").properties()) {
            if (normal(field.getKey()).equals(wanted)
                    && !field.getValue().asText("").isEmpty()) {
                return Optional.of(new Entry(field.getValue().asText(), field.getKey(), Optional.empty()));
            }
        }
        return Optional.empty();
    }

    private Optional<Entry> password(String wanted) {
        for (var field : root.path("auths").properties()) {
            if (normal(field.getKey()).equals(wanted)) {
                Optional<RegistryCredential> credential = credential(field.getValue());
                if (credential.isPresent()) {
                    return Optional.of(new Entry("", field.getKey(), credential));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<RegistryCredential> credential(JsonNode entry) {
        String identity = entry.path("identitytoken").asText("");
        if (!identity.isEmpty()) {
            return Optional.of(RegistryCredential.identityToken(identity));
        }
        String access = entry.path("registrytoken").asText("");
        if (!access.isEmpty()) {
            return Optional.of(RegistryCredential.accessToken(access));
        }
        String auth = entry.path("auth").asText("");
        String user = entry.path("username").asText("");
        String password = entry.path("password").asText("");
        if (!auth.isEmpty()) {
            String both = decode(auth);
            int colon = both.indexOf(':');
            if (colon < 0) {
                throw new FormatException(file, "an entry of 'auths' is not USER:PASSWORD in Base64");
            }
            user = both.substring(0, colon);
            password = both.substring(colon + 1);
        }
        if (user.equals(TOKEN_USER)) {
            return Optional.of(RegistryCredential.identityToken(password));
        }
        return user.isEmpty() ? Optional.empty() : Optional.of(RegistryCredential.password(user, password));
    }

    /** Some tools pad with zero bytes. */
    private String decode(String auth) {
        try {
            return new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8).replaceAll("\\x00+$", "");
        } catch (IllegalArgumentException e) {
            throw new FormatException(file, "an entry of 'auths' is not USER:PASSWORD in Base64");
        }
    }

    /** {@code https://host/v1/} means the host; a name without scheme may go on with a part of the registry. */
    private static String normal(String key) {
        int scheme = key.indexOf("://");
        String name = scheme < 0 ? key : key.substring(scheme + 3);
        int slash = name.indexOf('/');
        if (scheme >= 0 && slash >= 0) {
            return name.substring(0, slash);
        }
        return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }
}
