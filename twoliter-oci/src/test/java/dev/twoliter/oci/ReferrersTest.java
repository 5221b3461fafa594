package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.twoliter.api.Digest;
import dev.twoliter.api.RegistryException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of what refers to an image: by the registry itself, or by a tag. */
class ReferrersTest {

    private static final Digest DIGEST = Digest.sha256("0".repeat(64));
    private static final RawManifest BY_API = ImageIndex.of(List.of()).toRaw();
    private static final RawManifest BY_TAG = new ImageIndex(List.of(), Map.of("by", "tag")).toRaw();

    private record Answer(int status, String type, byte[] body) {}

    private final Map<String, Answer> answers = new TreeMap<>();
    private HttpServer server;
    private ImageStore store;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/kits/", exchange -> {
            String path = exchange.getRequestURI().getPath().substring("/v2/kits/".length());
            Answer answer = answers.getOrDefault(path, new Answer(404, "text/plain", new byte[1]));
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            try (exchange) {
                exchange.sendResponseHeaders(answer.status(), answer.body().length);
                exchange.getResponseBody().write(answer.body());
            }
        });
        server.start();
        store = ImageStore.open(
                "127.0.0.1:" + server.getAddress().getPort(),
                StoreOptions.builder().build());
        answers.put("manifests/sha256-" + DIGEST.hex(), new Answer(200, MediaTypes.INDEX, BY_TAG.bytes()));
    }

    @AfterEach
    void stop() {
        store.close();
        server.stop(0);
    }

    private void api(int status, String type) {
        answers.put("referrers/" + DIGEST, new Answer(status, type, BY_API.bytes()));
    }

    private Digest found() {
        return store.repository("kits").referrers(DIGEST).orElseThrow().digest();
    }

    @Test
    void a_registry_that_knows_is_believed() {
        api(200, MediaTypes.INDEX + "; charset=utf-8");
        assertThat(found()).isEqualTo(BY_API.digest());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 406})
    void a_registry_that_does_not_know_such_lists_has_a_tag(int status) {
        api(status, "application/json");
        assertThat(found()).isEqualTo(BY_TAG.digest());
        answers.remove("manifests/sha256-" + DIGEST.hex());
        assertThat(store.repository("kits").referrers(DIGEST)).isEmpty();
    }

    @Test
    void an_answer_that_is_no_index_is_none() {
        api(200, "text/html");
        assertThat(found()).isEqualTo(BY_TAG.digest());
    }

    @Test
    void a_registry_that_fails_is_an_error() {
        api(503, "application/json");
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(this::found)
                .withMessageContaining("cannot list what refers to " + DIGEST)
                .matches(RegistryException::retryable);
    }
}
