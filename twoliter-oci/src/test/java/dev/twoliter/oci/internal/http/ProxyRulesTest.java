package dev.twoliter.oci.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.twoliter.api.Environment;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxyRulesTest {

    private static String proxy(String uri, Map<String, String> variables) {
        return ProxyRules.of(Environment.of(variables, Path.of(".")))
                .proxyFor(Address.of(URI.create(uri)))
                .map(Proxy::toString)
                .orElse("");
    }

    @Test
    void each_kind_of_server_has_its_proxy() {
        Map<String, String> both = Map.of("HTTPS_PROXY", "http://s:8080", "http_proxy", "p");
        assertThat(proxy("https://r.example", both)).isEqualTo("s:8080");
        assertThat(proxy("http://r.example", both)).isEqualTo("p:80");
        assertThat(proxy("https://r.example", Map.of("HTTP_PROXY", "p"))).isEmpty();
        assertThat(proxy("https://r.example", Map.of("ALL_PROXY", "a:1"))).isEqualTo("a:1");
        assertThat(proxy("https://r.example", Map.of())).isEmpty();
    }

    @Test
    void this_machine_is_always_reached_directly() {
        for (String host : List.of("localhost:5000", "127.0.0.1", "127.8.9.1:1", "[::1]:5000")) {
            assertThat(proxy("https://" + host, Map.of("HTTPS_PROXY", "s"))).isEmpty();
        }
    }

    @Test
    void exceptions_are_names_domains_ports_and_networks() {
        for (String rule : List.of(
                "*", "a.example", ".example", "*.example", "example", "x, A.Example ", "a.example:443", "e,example")) {
            assertThat(proxy("https://a.example", Map.of("HTTPS_PROXY", "s", "NO_PROXY", rule)))
                    .as(rule)
                    .isEmpty();
        }
        for (String rule : List.of("", ",", "b.example", "ample", "a.example:80", "10.0.0.0/8", "a.example.org")) {
            assertThat(proxy("https://a.example", Map.of("HTTPS_PROXY", "s", "NO_PROXY", rule)))
                    .as(rule)
                    .isEqualTo("s:80");
        }
        assertThat(proxy("https://10.1.2.3", Map.of("HTTPS_PROXY", "s", "NO_PROXY", "10.0.0.0/8")))
                .isEmpty();
        assertThat(proxy("https://11.1.2.3", Map.of("HTTPS_PROXY", "s", "NO_PROXY", "10.0.0.0/8")))
                .isEqualTo("s:80");
        assertThat(proxy("https://[fd00::1]", Map.of("HTTPS_PROXY", "s", "NO_PROXY", "fd00::/8")))
                .isEmpty();
        assertThat(proxy("https://10.1.2.3", Map.of("HTTPS_PROXY", "s", "NO_PROXY", "10.0.0.0/99")))
                .isEqualTo("s:80");
    }

    @Test
    void what_names_no_proxy_is_refused_without_being_shown() {
        for (String value : List.of(
                "socks5://u:secret@h:1",
                "http://u:secret@",
                "http://u:secret@h:x",
                "://secret",
                "http://u:se cret@h")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> proxy("https://a.example", Map.of("HTTPS_PROXY", value)))
                    .withMessageContaining("HTTPS_PROXY")
                    .withMessageNotContaining("secret");
        }
    }
}
