package dev.twoliter.core.internal.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.AuthenticationException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.event.StepId;
import dev.twoliter.core.internal.run.Events;
import dev.twoliter.core.internal.run.Reporter;
import dev.twoliter.testing.FaultProxy;
import dev.twoliter.testing.FaultProxy.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistriesTest {

    private static final StepId STEP = new StepId(StepId.Kind.FETCH, "kit", null);
    private static final String DIGEST = "sha256:" + "0".repeat(64);

    @TempDir
    Path directory;

    private final List<BuildEvent> events = new ArrayList<>();
    private FaultProxy registry;
    private FaultProxy mirror;

    @BeforeEach
    void start() throws IOException {
        registry = FaultProxy.before("127.0.0.1:1");
        mirror = FaultProxy.before("127.0.0.1:1");
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
        mirror.close();
    }

    private Registries registries(String... variables) {
        Environment environment = Environment.of(Map.of("HOME", directory.toString()), directory);
        for (int i = 0; i < variables.length; i += 2) {
            environment = environment.with(variables[i], variables[i + 1]);
        }
        return new Registries(directory, environment, 2, false);
    }

    private void ask(Registries registries, String tagOrDigest) {
        try (Registries.Listening listening =
                registries.reportTo(new Reporter(new Events(events::add), STEP).registries())) {
            assertThat(listening).isNotNull();
            registries
                    .repository(ImageRef.tagged(registry.host() + "/team", "kit", "v1"))
                    .manifest(tagOrDigest);
        }
    }

    @Test
    void where_credentials_were_looked_for_is_an_event_of_the_step() {
        registry.faults = seen -> new Answer(401, "WWW-Authenticate: Basic realm=\"r\"");
        try (Registries registries = registries()) {
            assertThatThrownBy(() -> ask(registries, "v1")).isInstanceOf(AuthenticationException.class);
        }
        assertThat(events).singleElement().isInstanceOfSatisfying(BuildEvent.CredentialsResolved.class, event -> {
            assertThat(event.step()).isEqualTo(STEP);
            assertThat(event.registry()).isEqualTo(registry.host());
            assertThat(event.repository()).isEqualTo("team/kit");
            assertThat(event.tried()).containsExactly("~/.config/containers/auth.json", "~/.docker/config.json");
            assertThat(event.found()).isEqualTo(Optional.empty());
        });
    }

    @Test
    void the_environment_says_how_often_a_request_is_made() {
        registry.faults = seen -> new Answer(503, "Retry-After: 0");
        try (Registries registries = registries("TWOLITER_REGISTRY_ATTEMPTS", "3")) {
            assertThatThrownBy(() -> ask(registries, "v1")).isInstanceOf(RegistryException.class);
        }
        assertThat(registry.requests).hasSize(3);
        assertThat(events)
                .hasSize(2)
                .allSatisfy(event ->
                        assertThat(((BuildEvent.StepProgress) event).message()).contains("trying again"));
    }

    @Test
    void the_environment_names_mirrors() {
        registry.faults = seen -> new Answer(404);
        mirror.faults = seen -> new Answer(500);
        String rule = "other.example=x.example;" + registry.host() + " = " + mirror.host() + "/cache";
        try (Registries registries = registries("TWOLITER_MIRRORS", rule)) {
            ask(registries, DIGEST);
        }
        assertThat(mirror.requests).containsExactly("GET /v2/cache/team/kit/manifests/" + DIGEST);
        assertThat(registry.requests).containsExactly("GET /v2/team/kit/manifests/" + DIGEST);
        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        BuildEvent.Warning.class,
                        warning -> assertThat(warning.message()).contains(mirror.host()));
    }

    @Test
    void variables_that_say_nothing_are_refused_by_name() {
        for (List<String> bad : List.of(
                List.of("TWOLITER_MIRRORS", "mirror.example"),
                List.of("TWOLITER_MIRRORS", "=mirror.example"),
                List.of("TWOLITER_REGISTRY_ATTEMPTS", "0"),
                List.of("TWOLITER_REGISTRY_ATTEMPTS", "many"))) {
            assertThatThrownBy(() -> registries(bad.get(0), bad.get(1)).close())
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining(bad.get(0));
        }
    }
}
