package dev.twoliter.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.twoliter.api.AuthenticationException;
import dev.twoliter.api.Digest;
import dev.twoliter.api.Environment;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.testing.DockerRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registries that ask for credentials, are broken, or lie. */
class RegistryFailuresTest {

    private static final byte[] INDEX = ImageIndex.of(List.of()).toRaw().bytes();
    private static final String BASIC = "Basic " + Base64.getEncoder().encodeToString("anna:secret".getBytes(UTF_8));

    @TempDir
    Path home;

    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private ImageStore store;
    private Repository repository;

    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        store = ImageStore.open(host() + "/team", options());
        repository = store.repository("x");
    }

    @AfterEach
    void stop() {
        store.close();
        server.stop(0);
    }

    private StoreOptions options() {
        return StoreOptions.builder()
                .environment(Environment.of(Map.of("HOME", home.toString()), home))
                .retryPolicy(new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(5)))
                .build();
    }

    private String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void on(String path, Answer answer) {
        server.createContext(path, exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                answer.to(exchange);
            }
        });
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static boolean has(HttpExchange exchange, String authorization) {
        return authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private static void challenge(HttpExchange exchange, String challenge) throws IOException {
        exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
        send(exchange, 401, "application/json", "{}".getBytes(UTF_8));
    }

    private void login() throws IOException {
        Path config = Files.createDirectories(home.resolve(".docker")).resolve("config.json");
        Files.writeString(
                config, "{\"auths\":{\"" + host() + "\":{\"auth\":\"" + BASIC.substring("Basic ".length()) + "\"}}}");
    }

    @Test
    void a_bearer_token_is_fetched_once_with_the_credentials() throws IOException {
        login();
        on("/v2/", exchange -> {
            if (has(exchange, "Bearer t0ken")) {
                send(exchange, 200, MediaTypes.INDEX, INDEX);
            } else {
                challenge(exchange, "Bearer realm=\"http://" + host() + "/token\",service=\"us, too\"");
            }
        });
        on("/token", exchange -> {
            byte[] answer = "{\"token\":\"t0ken\"}".getBytes(UTF_8);
            send(exchange, has(exchange, BASIC) ? 200 : 403, "application/json", answer);
        });

        assertThat(repository.manifest("v1").orElseThrow().bytes()).isEqualTo(INDEX);
        assertThat(repository.manifest("v1")).isPresent();
        assertThat(requests)
                .containsExactly(
                        "GET /v2/team/x/manifests/v1",
                        "GET /token?service=us%2C+too&scope=repository%3Ateam%2Fx%3Apull",
                        "GET /v2/team/x/manifests/v1",
                        "GET /v2/team/x/manifests/v1");
    }

    /** Registries in clouds keep blobs elsewhere. */
    @Test
    void the_rest_of_a_blob_is_asked_for_with_authorization_that_goes_no_further() throws IOException {
        login();
        byte[] content = "0123456789".getBytes(UTF_8);
        Descriptor blob = Descriptor.of("application/octet-stream", content);
        List<String> stored = Collections.synchronizedList(new ArrayList<>());
        HttpServer storage = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        storage.createContext("/", exchange -> {
            try (exchange) {
                String range = exchange.getRequestHeaders().getFirst("Range");
                stored.add(range + " " + exchange.getRequestHeaders().getFirst("Authorization"));
                exchange.getResponseHeaders().set("Content-Range", "bytes 4-9/10");
                send(exchange, range == null ? 200 : 206, "application/octet-stream", "456789".getBytes(UTF_8));
            }
        });
        storage.start();
        on("/v2/", exchange -> {
            if (!has(exchange, BASIC)) {
                challenge(exchange, "Basic realm=\"r\"");
            } else if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.getResponseHeaders()
                        .set(
                                "Location",
                                "http://127.0.0.1:" + storage.getAddress().getPort() + "/blob");
                send(exchange, 307, "text/plain", new byte[0]);
            }
        });
        try (InputStream in = repository.blob(blob, 4)) {
            assertThat(in.readAllBytes()).isEqualTo("456789".getBytes(UTF_8));
        } finally {
            storage.stop(0);
        }
        assertThat(stored).containsExactly("bytes=4- null");
    }

    @Test
    void a_range_that_is_not_the_one_that_was_asked_for_is_refused() {
        Descriptor blob = Descriptor.of("application/octet-stream", "0123456789".getBytes(UTF_8));
        on("/v2/", exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 2-9/10");
            send(exchange, 206, "application/octet-stream", "23456789".getBytes(UTF_8));
        });
        assertThatThrownBy(() -> repository.blob(blob, 4))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("asked for the bytes from 4")
                .hasMessageContaining("bytes 2-9/10");
    }

    @Test
    void a_push_asks_for_a_token_that_allows_it() throws IOException {
        login();
        on("/v2/", exchange -> {
            if (has(exchange, "Bearer push")) {
                send(exchange, 201, "text/plain", new byte[0]);
            } else {
                challenge(exchange, "Bearer realm=\"http://" + host() + "/token\",service=\"s\"");
            }
        });
        on("/token", exchange -> send(exchange, 200, "application/json", "{\"token\":\"push\"}".getBytes(UTF_8)));

        repository.pushManifest(RawManifest.of(MediaTypes.INDEX, INDEX), "v1");
        assertThat(requests).anyMatch(request -> request.startsWith("GET /token") && request.contains("push"));
        assertThat(requests.get(requests.size() - 1)).isEqualTo("PUT /v2/team/x/manifests/v1");
    }

    @Test
    void basic_credentials_are_sent_when_they_are_asked_for() throws IOException {
        login();
        on("/v2/", exchange -> {
            if (has(exchange, BASIC)) {
                send(exchange, 200, MediaTypes.INDEX, INDEX);
            } else {
                challenge(exchange, "Basic realm=\"r\"");
            }
        });
        assertThat(repository.manifest("v1")).isPresent();
        repository.pushManifest(RawManifest.of(MediaTypes.INDEX, INDEX), "v2");
        assertThat(requests.get(requests.size() - 1)).isEqualTo("PUT /v2/team/x/manifests/v2");
    }

    @Test
    void without_credentials_the_refusal_says_where_they_were_looked_for() {
        on("/v2/", exchange -> challenge(exchange, "Basic realm=\"r\""));
        for (Runnable call : List.<Runnable>of(
                () -> repository.manifest("v1"),
                () -> repository.tags(),
                () -> repository.pushManifest(RawManifest.of(MediaTypes.INDEX, INDEX), "v2"))) {
            AuthenticationException e = catchThrowableOfType(AuthenticationException.class, call::run);
            assertThat(e.status()).isEqualTo(401);
            assertThat(e.sourcesTried()).contains("~/.docker/config.json");
            assertThat(e.hint().orElseThrow()).contains("docker login");
        }
    }

    @Test
    void refused_credentials_do_not_show_in_the_message() throws IOException {
        login();
        on("/v2/", exchange -> challenge(exchange, "Basic realm=\"r\""));
        assertThatThrownBy(() -> repository.manifest("v1"))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void forbidden_is_an_authentication_failure_too() throws IOException {
        on("/v2/", exchange -> send(exchange, 403, "application/json", "{}".getBytes(UTF_8)));
        AuthenticationException e =
                catchThrowableOfType(AuthenticationException.class, () -> repository.manifest("v1"));
        assertThat(e.status()).isEqualTo(403);
    }

    @Test
    void a_hostile_challenge_is_a_registry_failure() {
        for (String realm : List.of("Bearer", "Bearer realm=", "Bearer realm=\"file:///etc/passwd\"", "Bearer x=\"")) {
            HttpServer current = server;
            current.createContext("/v2/team/y" + realm.length(), exchange -> {
                try (exchange) {
                    challenge(exchange, realm);
                }
            });
            assertThatThrownBy(() -> store.repository("y" + realm.length()).manifest("v1"))
                    .isInstanceOf(RegistryException.class);
        }
    }

    @Test
    void overload_may_be_tried_again_and_a_refused_request_not() {
        on("/v2/team/x/manifests/busy", exchange -> send(exchange, 429, "text/plain", new byte[1]));
        on("/v2/team/x/manifests/broken", exchange -> send(exchange, 503, "text/plain", new byte[1]));
        on("/v2/team/x/manifests/bad", exchange -> send(exchange, 400, "text/plain", new byte[1]));
        assertThat(failure("busy").retryable()).isTrue();
        assertThat(failure("broken").retryable()).isTrue();
        assertThat(failure("broken").status()).isEqualTo(503);
        assertThat(failure("bad").retryable()).isFalse();
    }

    private RegistryException failure(String tag) {
        return catchThrowableOfType(RegistryException.class, () -> repository.manifest(tag));
    }

    @Test
    void a_manifest_with_another_digest_than_asked_for_is_refused() {
        on("/v2/", exchange -> send(exchange, 200, MediaTypes.INDEX, INDEX));
        String digest = Digest.ofBytes(new byte[1]).toString();
        assertThatThrownBy(() -> repository.manifest(digest)).isInstanceOf(VerificationException.class);
    }

    @Test
    void a_blob_with_another_content_than_asked_for_is_refused_at_its_end() {
        byte[] content = "abc".getBytes(UTF_8);
        on("/v2/", exchange -> send(exchange, 200, "application/octet-stream", content));
        for (String wanted : List.of("abd", "ab", "abcd")) {
            Descriptor descriptor = Descriptor.of(MediaTypes.LAYER_TAR, wanted.getBytes(UTF_8));
            assertThatThrownBy(() -> {
                        try (InputStream in = repository.blob(descriptor)) {
                            in.readAllBytes();
                        }
                    })
                    .isInstanceOf(VerificationException.class);
        }
    }

    @Test
    void a_manifest_without_bounds_or_a_list_that_is_no_json_is_malformed() {
        on("/v2/team/x/manifests/", exchange -> send(exchange, 200, MediaTypes.INDEX, new byte[(4 << 20) + 1]));
        on("/v2/team/x/tags/list", exchange -> send(exchange, 200, "application/json", "[".getBytes(UTF_8)));
        assertThatThrownBy(() -> repository.manifest("v1")).isInstanceOf(FormatException.class);
        assertThatThrownBy(() -> repository.tags()).isInstanceOf(FormatException.class);
    }

    @Test
    void a_registry_that_is_not_there_may_be_tried_again() throws IOException {
        String host = "127.0.0.1:" + DockerRegistry.freePort();
        try (ImageStore gone = ImageStore.open(host, StoreOptions.builder().build())) {
            RegistryException e = catchThrowableOfType(
                    RegistryException.class, () -> gone.repository("x").manifest("v1"));
            assertThat(e.retryable()).isTrue();
            assertThat(e.status()).isZero();
            assertThat(e).hasMessageContaining(host);
        }
    }

    @Test
    void what_names_no_registry_is_refused() {
        for (String name : List.of("", "/x", "a b/x", "http://x/y", "[::1/x")) {
            assertThatThrownBy(
                            () -> ImageStore.open(name, StoreOptions.builder().build()))
                    .isInstanceOf(RegistryException.class);
        }
        assertThatThrownBy(() -> store.repository("../x")).isInstanceOf(RegistryException.class);
    }
}
