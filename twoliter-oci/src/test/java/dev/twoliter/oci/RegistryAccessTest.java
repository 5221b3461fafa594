package dev.twoliter.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.api.AuthenticationException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.testing.Certificate;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.DockerRegistry;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS, basic and token authentication and proxies with the real registry, and skopeo beside us. */
@Peer({"docker-registry", "skopeo"})
@Timeout(60)
class RegistryAccessTest {

    @TempDir
    static Path shared;

    static Certificate certificate;

    @TempDir
    Path directory;

    private final List<StoreEvent> events = Collections.synchronizedList(new ArrayList<>());
    private DockerRegistry registry;

    @BeforeAll
    static void certify() throws Exception {
        certificate = Certificate.make(shared);
    }

    @BeforeEach
    void home() throws IOException {
        Files.createDirectories(directory.resolve("home/.docker"));
    }

    @AfterEach
    void stop() {
        if (registry != null) {
            registry.close();
        }
    }

    private void start(String more) throws Exception {
        registry = DockerRegistry.start(directory, directory.resolve("data"), more);
    }

    private static String tls() {
        return "  tls:\n    certificate: %s\n    key: %s\n".formatted(certificate.certificate(), certificate.key());
    }

    private String basic() throws IOException {
        String hash = OpenBSDBCrypt.generate("2y", "secret".toCharArray(), new byte[16], 5);
        Path file = Files.writeString(directory.resolve("htpasswd"), "anna:" + hash + "\n");
        return "auth:\n  htpasswd:\n    realm: play\n    path: %s\n".formatted(file);
    }

    private Environment environment(String... variables) {
        Environment environment =
                Environment.of(Map.of("HOME", directory.resolve("home").toString()), directory);
        for (int i = 0; i < variables.length; i += 2) {
            environment = environment.with(variables[i], variables[i + 1]);
        }
        return environment;
    }

    private StoreOptions.Builder options(String... variables) {
        return StoreOptions.builder()
                .environment(environment(variables))
                .retryPolicy(new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(5)))
                .listener(events::add);
    }

    private void login(String auths) throws IOException {
        Files.writeString(directory.resolve("home/.docker/config.json"), "{\"auths\":{" + auths + "}}");
    }

    private static String auth(String key, String user) {
        return "\"" + key + "\":{\"auth\":\"" + Base64.getEncoder().encodeToString(user.getBytes(UTF_8)) + "\"}";
    }

    /** Writes a small image with us, copies it with skopeo, and reads the copy with us. */
    private void assertWorksWithSkopeo(StoreOptions options, String... skopeo) {
        try (ImageStore store = ImageStore.open(registry.host() + "/team", options)) {
            Repository ours = store.repository("ours");
            byte[] layer = TransferFaultsTest.noise(1, 300_000);
            Descriptor blob = Descriptor.of(MediaTypes.LAYER_TAR, layer);
            ours.pushBlob(blob, BlobSource.of(layer));
            AssembledImage.fromScratch().file("/a", new byte[1]).publish(ours, "v1");
            List<String> command = new ArrayList<>(List.of("skopeo", "copy", "--all", "--preserve-digests"));
            command.addAll(List.of(skopeo));
            command.add("docker://" + registry.host() + "/team/ours:v1");
            command.add("docker://" + registry.host() + "/team/theirs:v2");
            Command.output(command.toArray());
            Repository theirs = store.repository("theirs");
            assertThat(theirs.tags()).containsExactly("v2");
            assertThat(theirs.manifest("v2").orElseThrow().bytes())
                    .isEqualTo(ours.manifest("v1").orElseThrow().bytes());
        }
    }

    @Test
    void basic_authentication_over_tls_with_an_authority_of_our_own() throws Exception {
        start(tls() + basic());
        login(auth(registry.host(), "anna:secret"));
        assertWorksWithSkopeo(
                options().addCaBundle(certificate.certificate()).build(),
                "--src-cert-dir",
                shared.toString(),
                "--dest-cert-dir",
                shared.toString(),
                "--src-creds",
                "anna:secret",
                "--dest-creds",
                "anna:secret");
        assertThat(events)
                .contains(new StoreEvent.CredentialsResolved(
                        registry.host(),
                        "team/ours",
                        List.of("~/.config/containers/auth.json", "~/.docker/config.json"),
                        java.util.Optional.of("~/.docker/config.json")));
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_refused_and_nothing_is_sent_in_the_clear() throws Exception {
        start(tls() + basic());
        login(auth(registry.host(), "anna:secret"));
        for (boolean allowHttp : new boolean[] {false, true}) {
            try (ImageStore store = ImageStore.open(
                    registry.host(), options().allowHttp(allowHttp).build())) {
                RegistryException e = catchThrowableOfType(
                        RegistryException.class, () -> store.repository("x").manifest("v1"));
                assertThat(e).hasMessageContaining("certificate is not trusted");
                assertThat(e.hint().orElseThrow()).contains("SSL_CERT_FILE");
                assertThat(e.retryable()).isFalse();
            }
        }
        assertThat(events).isEmpty();
        try (ImageStore store = ImageStore.open(
                registry.host(),
                options("SSL_CERT_FILE", certificate.certificate().toString()).build())) {
            assertThat(store.repository("x").manifest("v1")).isEmpty();
        }
    }

    @Test
    void a_bundle_that_is_none_is_a_failure_that_names_it() throws Exception {
        start(tls());
        Path bundle = Files.writeString(directory.resolve("bundle"), "hello");
        try (ImageStore store =
                ImageStore.open(registry.host(), options().addCaBundle(bundle).build())) {
            assertThatThrownBy(() -> store.repository("x").manifest("v1"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("bundle");
        }
    }

    @Test
    void credentials_that_are_refused_are_named_by_their_place_and_never_shown() throws Exception {
        start(basic());
        login(auth(registry.host(), "anna:wrong-secret"));
        try (ImageStore store = ImageStore.open(registry.host(), options().build())) {
            AuthenticationException e = catchThrowableOfType(
                    AuthenticationException.class, () -> store.repository("x").manifest("v1"));
            assertThat(e)
                    .hasMessageContaining("shown the credentials from ~/.docker/config.json")
                    .hasMessageContaining("~/.config/containers/auth.json")
                    .hasMessageNotContaining("wrong-secret");
            assertThat(e.sourcesTried()).containsExactly("~/.config/containers/auth.json", "~/.docker/config.json");
            assertThat(events.toString()).doesNotContain("wrong-secret");
        }
    }

    @Test
    void tokens_of_a_password_and_of_an_identity_token() throws Exception {
        try (TokenServer tokens = new TokenServer(certificate)) {
            start(tokens.configuration());
            login(auth(registry.host(), "anna:secret"));
            assertWorksWithSkopeo(
                    options().build(),
                    "--src-tls-verify=false",
                    "--dest-tls-verify=false",
                    "--src-creds",
                    "anna:secret",
                    "--dest-creds",
                    "anna:secret");
            login("\"" + registry.host() + "\":{\"identitytoken\":\"" + TokenServer.IDENTITY + "\"}");
            tokens.requests.clear();
            try (ImageStore store =
                    ImageStore.open(registry.host() + "/team", options().build())) {
                AssembledImage.fromScratch().file("/b", new byte[1]).publish(store.repository("identity"), "v1");
            }
            assertThat(tokens.requests)
                    .singleElement()
                    .asString()
                    .startsWith("POST ")
                    .contains("grant_type=refresh_token")
                    .contains("scope=repository:team/identity:pull,push");
        }
    }

    @Test
    void whoever_has_no_credentials_may_pull_where_everybody_may_and_not_push() throws Exception {
        try (TokenServer tokens = new TokenServer(certificate)) {
            start(tokens.configuration());
            login(auth(registry.host(), "anna:secret"));
            try (ImageStore store =
                    ImageStore.open(registry.host() + "/team", options().build())) {
                AssembledImage.fromScratch().file("/a", new byte[1]).publish(store.repository("x"), "v1");
            }
            login("");
            try (ImageStore store =
                    ImageStore.open(registry.host() + "/team", options().build())) {
                assertThat(store.repository("x").manifest("v1")).isPresent();
                byte[] bytes = {1, 2, 3};
                AuthenticationException e = catchThrowableOfType(
                        AuthenticationException.class,
                        () -> store.repository("x")
                                .pushBlob(Descriptor.of(MediaTypes.LAYER_TAR, bytes), BlobSource.of(bytes)));
                assertThat(e.status()).isEqualTo(401);
                assertThat(e).hasMessageContaining("no credentials were found, looked for in");
            }
        }
    }

    @Test
    void a_token_that_ends_soon_is_renewed_before_it_is_refused() throws Exception {
        try (TokenServer tokens = new TokenServer(certificate)) {
            tokens.seconds = 11;
            start(tokens.configuration());
            try (ImageStore store = ImageStore.open(registry.host(), options().build())) {
                Repository repository = store.repository("x");
                assertThat(repository.tags()).isEmpty();
                assertThat(tokens.requests).hasSize(1);
                Thread.sleep(1200);
                assertThat(repository.tags()).isEmpty();
                assertThat(tokens.requests).hasSize(2);
            }
        }
    }

    @Test
    void blobs_are_taken_over_from_other_repositories_without_being_sent() throws Exception {
        try (TokenServer tokens = new TokenServer(certificate)) {
            start(tokens.configuration());
            login(auth(registry.host(), "anna:secret"));
            try (ImageStore store =
                    ImageStore.open(registry.host() + "/team", options().build())) {
                byte[] bytes = TransferFaultsTest.noise(2, 100_000);
                Descriptor blob = Descriptor.of(MediaTypes.LAYER_TAR, bytes);
                store.repository("one").pushBlob(blob, BlobSource.of(bytes));
                BlobSource none = () -> {
                    throw new AssertionError("read again");
                };
                assertThat(store.repository("two").mountBlob(blob, store.repository("one")))
                        .isEqualTo(BlobMount.MOUNTED);
                // What was seen anywhere in the registry is taken over from there.
                store.repository("three").pushBlob(blob, none);
                assertThat(store.repository("three").blob(blob).readAllBytes()).isEqualTo(bytes);
                Descriptor absent = Descriptor.of(MediaTypes.LAYER_TAR, new byte[] {9});
                assertThat(store.repository("two").mountBlob(absent, store.repository("one")))
                        .isEqualTo(BlobMount.ABSENT);
            }
        }
    }

    @Test
    void proxies_are_used_with_a_password_and_get_no_other() throws Exception {
        start(tls() + basic());
        login(auth("registry.test", "anna:secret"));
        int port = Integer.parseInt(registry.host().replaceFirst(".*:", ""));
        try (TunnelProxy proxy = new TunnelProxy("user:p@ss word", port)) {
            String address = "http://user:p%40ss%20word@127.0.0.1:" + proxy.port();
            String bundle = certificate.certificate().toString();
            try (ImageStore store = ImageStore.open(
                    "registry.test",
                    options("HTTPS_PROXY", address, "SSL_CERT_FILE", bundle).build())) {
                AssembledImage.fromScratch().file("/a", new byte[1]).publish(store.repository("x"), "v1");
                assertThat(store.repository("x").tags()).containsExactly("v1");
            }
            assertThat(proxy.heads)
                    .isNotEmpty()
                    .allMatch(head -> head.startsWith("CONNECT registry.test:443 HTTP/1.1\r\n"))
                    .noneMatch(head -> head.contains("\r\nAuthorization:"));
            String wrong = "http://127.0.0.1:" + proxy.port();
            try (ImageStore store = ImageStore.open(
                    "registry.test",
                    options("https_proxy", wrong, "SSL_CERT_FILE", bundle).build())) {
                RegistryException e = catchThrowableOfType(
                        RegistryException.class, () -> store.repository("x").tags());
                assertThat(e).hasMessageContaining("proxy").hasMessageContaining("407");
                assertThat(e.hint().orElseThrow()).contains("HTTPS_PROXY");
            }
        }
    }

    @Test
    void plain_http_goes_through_a_proxy_too_where_it_is_asked_for() throws Exception {
        start("");
        int port = Integer.parseInt(registry.host().replaceFirst(".*:", ""));
        try (TunnelProxy proxy = new TunnelProxy("user:pass", port)) {
            String address = "http://user:pass@127.0.0.1:" + proxy.port();
            try (ImageStore store = ImageStore.open(
                    "registry.test:80",
                    options("HTTP_PROXY", address, "HTTPS_PROXY", address)
                            .allowHttp(true)
                            .build())) {
                // The registry's answer to the greeting of TLS is none: then, and only then, plain http.
                assertThat(store.repository("x").tags()).isEmpty();
            }
            assertThat(proxy.heads.get(0)).startsWith("CONNECT ");
            assertThat(proxy.heads.get(1)).startsWith("GET http://registry.test:80/v2/x/tags/list HTTP/1.1\r\n");
            try (ImageStore store = ImageStore.open(
                    "registry.test:80", options("HTTPS_PROXY", address).build())) {
                assertThatThrownBy(() -> store.repository("x").tags()).isInstanceOf(RegistryException.class);
            }
        }
    }
}
