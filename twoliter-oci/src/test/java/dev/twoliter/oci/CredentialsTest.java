package dev.twoliter.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.twoliter.api.AuthenticationException;
import dev.twoliter.api.Environment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where credentials are looked for, and which are taken: a server that asks for some tells which it was shown. */
class CredentialsTest {

    @TempDir
    Path directory;

    private final List<StoreEvent.CredentialsResolved> resolved = new ArrayList<>();
    private HttpServer server;
    private String shown = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/", exchange -> {
            try (exchange) {
                String authorization = exchange.getRequestHeaders().getFirst("Authorization");
                if (authorization != null) {
                    shown = authorization.startsWith("Basic ")
                            ? new String(Base64.getDecoder().decode(authorization.substring(6)), UTF_8)
                            : authorization;
                }
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"r\"");
                exchange.sendResponseHeaders(authorization == null ? 401 : 404, -1);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text.replace("HOST", host()));
    }

    private static String auths(String... keysAndUsers) {
        StringBuilder text = new StringBuilder("{\"auths\":{");
        for (int i = 0; i < keysAndUsers.length; i += 2) {
            String both = Base64.getEncoder().encodeToString((keysAndUsers[i + 1] + ":pw").getBytes(UTF_8));
            text.append(i == 0 ? "" : ",").append("\"" + keysAndUsers[i] + "\":{\"auth\":\"" + both + "\"}");
        }
        return text + "}}";
    }

    /** What is shown to the server for a repository. */
    private String ask(String repository, StoreOptions.Builder options, String... variables) {
        Environment environment = Environment.of(Map.of("HOME", directory.toString()), directory);
        for (int i = 0; i < variables.length; i += 2) {
            environment = environment.with(variables[i], variables[i + 1]);
        }
        shown = "";
        resolved.clear();
        options.environment(environment).listener(event -> resolved.add((StoreEvent.CredentialsResolved) event));
        try (ImageStore store = ImageStore.open(host(), options.build())) {
            store.repository(repository).manifest("v1");
        }
        return shown;
    }

    private String ask(String repository, String... variables) {
        return ask(repository, StoreOptions.builder(), variables);
    }

    private void helper(String name, String script) throws IOException {
        Path file = write("bin/docker-credential-" + name, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void the_longest_entry_that_fits_is_taken() throws IOException {
        write(
                ".docker/config.json",
                auths("HOST", "all", "HOST/team", "team", "HOST/team/kit", "kit", "HOST/tea", "tea"));
        assertThat(ask("team/kit")).isEqualTo("kit:pw");
        assertThat(ask("team/kit/deeper")).isEqualTo("kit:pw");
        assertThat(ask("team/kits")).isEqualTo("team:pw");
        assertThat(ask("teams/kit")).isEqualTo("all:pw");
    }

    @Test
    void the_forms_in_which_docker_writes_a_registry_are_understood() throws IOException {
        for (String form : List.of("HOST", "https://HOST", "https://HOST/v1/", "http://HOST/v2/", "HOST/")) {
            write(".docker/config.json", auths(form, "anna"));
            assertThat(ask("x")).as(form).isEqualTo("anna:pw");
        }
    }

    @Test
    void files_are_tried_in_order_and_the_event_says_which() throws IOException {
        write(".docker/config.json", auths("HOST", "docker-home"));
        assertThat(ask("x")).isEqualTo("docker-home:pw");
        write(".config/containers/auth.json", auths("HOST", "podman-home"));
        assertThat(ask("x")).isEqualTo("podman-home:pw");
        write("run/containers/auth.json", auths("HOST", "podman-run"));
        String run = directory.resolve("run").toString();
        assertThat(ask("x", "XDG_RUNTIME_DIR", run)).isEqualTo("podman-run:pw");
        write("docker/config.json", auths("HOST", "docker-config"));
        String docker = directory.resolve("docker").toString();
        assertThat(ask("x", "XDG_RUNTIME_DIR", run, "DOCKER_CONFIG", docker)).isEqualTo("docker-config:pw");
        Path named = write("named.json", auths("HOST", "named"));
        assertThat(ask("x", "DOCKER_CONFIG", docker, "REGISTRY_AUTH_FILE", named.toString()))
                .isEqualTo("named:pw");
        assertThat(resolved)
                .containsExactly(new StoreEvent.CredentialsResolved(
                        host(), "x", List.of("$REGISTRY_AUTH_FILE"), Optional.of("$REGISTRY_AUTH_FILE")));
        write("named.json", auths("other.example", "named"));
        ask("x", "DOCKER_CONFIG", docker, "REGISTRY_AUTH_FILE", named.toString());
        assertThat(resolved.get(0).tried()).containsExactly("$REGISTRY_AUTH_FILE", "$DOCKER_CONFIG/config.json");
    }

    @Test
    void sources_of_the_caller_come_before_all_files() throws IOException {
        write(".docker/config.json", auths("HOST", "file"));
        StoreOptions.Builder options = StoreOptions.builder()
                .addCredentialSource("nobody", (registry, repository) -> Optional.empty())
                .addCredentialSource(
                        "vault",
                        (registry, repository) -> Optional.of(RegistryCredential.password(registry, repository)));
        assertThat(ask("team/x", options)).isEqualTo(host() + ":team/x");
        assertThat(resolved.get(0).tried()).containsExactly("nobody", "vault");
    }

    @Test
    void an_access_token_is_sent_as_it_is() throws IOException {
        write(".docker/config.json", "{\"auths\":{\"HOST\":{\"registrytoken\":\"t0ken\"}}}");
        assertThat(ask("x")).isEqualTo("Bearer t0ken");
    }

    @Test
    void helpers_are_asked_for_their_registry_and_the_store_of_all_for_the_rest() throws IOException {
        helper("one", "read server; echo \"{\\\"Username\\\":\\\"one\\\",\\\"Secret\\\":\\\"$server\\\"}\"\n");
        helper("all", "read server; echo \"{\\\"Username\\\":\\\"all\\\",\\\"Secret\\\":\\\"$server\\\"}\"\n");
        String path = directory.resolve("bin") + ":" + System.getenv("PATH");
        write(".docker/config.json", "{\"credHelpers\":{\"HOST\":\"one\"},\"credsStore\":\"all\"}");
        assertThat(ask("x", "PATH", path)).isEqualTo("one:" + host());
        assertThat(resolved.get(0).found()).contains("~/.docker/config.json (docker-credential-one)");
        write(".docker/config.json", "{\"credHelpers\":{\"other\":\"one\"},\"credsStore\":\"all\"}");
        assertThat(ask("x", "PATH", path)).isEqualTo("all:" + host());
        // Docker leaves an empty entry for what the store has.
        write(".docker/config.json", "{\"auths\":{\"HOST\":{}},\"credsStore\":\"all\"}");
        assertThat(ask("x", "PATH", path)).isEqualTo("all:" + host());
    }

    @Test
    void a_helper_that_fails_or_is_missing_is_named_and_the_next_place_is_tried() throws IOException {
        helper("sad", "read server; echo credentials not found in native keychain; exit 1\n");
        String path = directory.resolve("bin") + ":" + System.getenv("PATH");
        write(".config/containers/auth.json", "{\"credHelpers\":{\"HOST\":\"sad\"},\"credsStore\":\"absent\"}");
        write(".docker/config.json", auths("HOST", "anna"));
        assertThat(ask("x", "PATH", path)).isEqualTo("anna:pw");
        write(".docker/config.json", "{");
        AuthenticationException e = catchThrowableOfType(AuthenticationException.class, () -> ask("x", "PATH", path));
        assertThat(e)
                .hasMessageContaining("docker-credential-sad knows none for " + host())
                .hasMessageContaining("docker-credential-absent is not on the PATH")
                .hasMessageContaining("config.json: it is not JSON");
        assertThat(e.sourcesTried()).containsExactly("~/.config/containers/auth.json", "~/.docker/config.json");
    }

    @Test
    void entries_that_are_malformed_are_problems_of_their_file_and_not_shown() throws IOException {
        for (String entry : List.of("{\"auth\":\"c2VjcmV0\"}", "{\"auth\":\"%%%\"}", "{\"auth\":5}", "7")) {
            write(".docker/config.json", "{\"auths\":{\"HOST\":" + entry + "}}");
            AuthenticationException e = catchThrowableOfType(AuthenticationException.class, () -> ask("x"));
            assertThat(e).hasMessageContaining("no credentials were found").hasMessageNotContaining("secret");
        }
    }
}
