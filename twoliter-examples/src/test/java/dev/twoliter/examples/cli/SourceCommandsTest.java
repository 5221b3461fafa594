package dev.twoliter.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code twoliter fetch}, as far as it is about the sources of packages. */
class SourceCommandsTest {

    @TempDir
    Path directory;

    private Environment environment;
    private Path here;
    private String sha512;

    @BeforeEach
    void create() throws IOException, NoSuchAlgorithmException {
        environment = Environment.of(Map.of("BUILDSYS_LOOKASIDE_CACHE", "file:/none"), directory.resolve("cache"));
        here = directory.resolve("p");
        Path upstream = Files.writeString(directory.resolve("hello-1.tar.gz"), "hello");
        Path driver = Files.writeString(directory.resolve("driver.run"), "driver");
        sha512 = sha512(upstream);
        ProjectSpec spec = ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .addPackage(
                        "hello",
                        p -> p.specFile("Name: hello\n")
                                .addExternalFile(
                                        ExternalFile.of(upstream.toUri().toString(), sha512))
                                .addExternalFile(new ExternalFile(
                                        driver.toUri().toString(), sha512(driver), null, true, List.of(), null, null)))
                .build();
        Twoliter.create(here, spec, environment);
    }

    private static String sha512(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(file)));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private Answer twoliter(String... arguments) {
        return Answer.of(environment, here, arguments);
    }

    @Test
    void sources_that_no_cache_has_are_refused_with_what_to_do_and_come_from_upstream_when_told() throws IOException {
        Answer refused = twoliter("fetch", "--sources");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err())
                .contains("error: hello-1.tar.gz of package hello cannot be had")
                .contains("hint: Allow its own URL with --upstream-source-fallback");

        JsonNode json = twoliter("fetch", "--sources", "--upstream-source-fallback", "--json")
                .json();
        assertThat(json.path("kits")).isEmpty();
        assertThat(json.path("leftOut")).isEmpty();
        JsonNode first = json.path("sources").path(0);
        assertThat(first.path("package").asText()).isEqualTo("hello");
        assertThat(first.path("name").asText()).isEqualTo("hello-1.tar.gz");
        assertThat(first.path("sha512").asText()).isEqualTo(sha512);
        assertThat(first.path("size").asLong()).isEqualTo(5);
        assertThat(first.path("fresh").asBoolean()).isTrue();
        assertThat(Path.of(first.path("path").asText())).hasContent("hello");
        assertThat(json.path("sources")).hasSize(2);
    }

    @Test
    void a_directory_is_filled_as_a_lookaside_cache_from_which_others_are_served() throws IOException {
        Path mirror = directory.resolve("mirror");
        Answer answer = twoliter("fetch", "--arch", "x86_64", "--upstream-source-fallback", "--to", mirror.toString());
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.out())
                .isEqualTo("hello hello-1.tar.gz  " + mirror.resolve("hello-1.tar.gz/" + sha512 + "/hello-1.tar.gz")
                        + "\nhello driver.run  left out: force-upstream\n");
        Files.delete(directory.resolve("hello-1.tar.gz"));
        environment = Environment.of(Map.of(), directory.resolve("another"));
        String url = mirror.toUri().toString();
        assertThat(twoliter("fetch", "--sources", "--offline", "--lookaside-cache", url)
                        .status())
                .isZero();
    }

    @Test
    void sources_can_be_left_out() throws IOException {
        JsonNode json =
                twoliter("fetch", "--arch", "x86_64", "--no-sources", "--json").json();
        assertThat(json.path("sources")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fetch",
                "fetch --no-sources",
                "fetch --sources --no-sources",
                "fetch --no-sources --arch x86_64 --to d",
                "fetch --sources --with-force-upstream",
                "fetch --sources --lookaside-cache ftp://h",
                "fetch --sources --lookaside-cache h",
            })
    void what_makes_no_sense_is_wrong_usage(String line) {
        assertThat(twoliter(line.split(" ")).status()).isEqualTo(2);
    }
}
