package dev.twoliter.oci.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengeTest {

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
