package dev.twoliter.oci.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.Environment;
import dev.twoliter.oci.internal.http.ProxyRules;
import dev.twoliter.oci.internal.http.TlsTrust;
import dev.twoliter.oci.internal.http.Transport;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerTest {

    @Test
    void several_challenges_may_be_in_one_line_or_in_several() {
        List<Challenge> expected = List.of(
                new Challenge("basic", Map.of("realm", "a, \"b\"")),
                new Challenge("bearer", Map.of("realm", "https://auth.example/token", "service", "x", "scope", "")));
        assertThat(
                        Challenge.parse(
                                List.of(
                                        "Basic realm=\"a, \\\"b\\\"\", Bearer realm=\"https://auth.example/token\",service=x,scope=\"\"")))
                .isEqualTo(expected);
        assertThat(Challenge.parse(List.of(
                        "Basic realm=\"a, \\\"b\\\"\"",
                        "Bearer realm = \"https://auth.example/token\" , Service=x, scope=\"\"")))
                .isEqualTo(expected);
    }

    @Test
    void hostile_challenges_take_no_time_and_give_nothing() {
        long start = System.nanoTime();
        for (String hostile : List.of(
                "",
                "=",
                ",,,,",
                "\"".repeat(8000),
                "a".repeat(8000),
                "Bearer realm=\"" + "\\".repeat(8000),
                "Bearer realm=\"" + "x".repeat(1_000_000),
                "a=".repeat(4000),
                "a " + " ".repeat(8000) + "=")) {
            assertThat(Challenge.find(Challenge.parse(List.of(hostile)), "bearer")
                            .map(c -> c.parameters().getOrDefault("realm", ""))
                            .orElse(""))
                    .isEmpty();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void addresses_of_a_server_are_told_from_those_of_others() {
        Server server = new Server(
                new RegistryName("r.example"),
                new Transport(
                        ProxyRules.of(Environment.of(Map.of(), Path.of("."))),
                        new TlsTrust(List.of()),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1)),
                false);
        // A registry behind something that ends TLS takes itself for a plain one.
        for (String own : List.of("https://r.example/a?b=c", "https://R.example:443/a?b=c", "http://r.example/a?b=c")) {
            assertThat(server.target(URI.create(own))).isEqualTo("/a?b=c");
        }
        for (String other : List.of("https://r.example:444/a", "https://s.example/a", "https://r.example.org/a")) {
            assertThat(server.target(URI.create(other))).isNull();
            assertThat(server.mayUse(URI.create(other))).isTrue();
        }
        for (String unsafe : List.of("http://s.example/a", "ftp://r.example/a", "file:///a", "/a", "https:a")) {
            assertThat(server.mayUse(URI.create(unsafe))).isFalse();
        }
    }

    @Test
    void docker_hub_is_known_by_its_names_and_others_by_theirs() {
        assertThat(new RegistryName("docker.io").api()).isEqualTo("registry-1.docker.io");
        assertThat(new RegistryName("docker.io").keys("library/x"))
                .containsExactly(
                        "docker.io/library/x",
                        "docker.io/library",
                        "docker.io",
                        "index.docker.io",
                        "registry-1.docker.io");
        assertThat(new RegistryName("[::1]:5000").keys("a/b"))
                .containsExactly("[::1]:5000/a/b", "[::1]:5000/a", "[::1]:5000");
        assertThat(new RegistryName("[::1]:5000").bareHost()).isEqualTo("::1");
    }
}
