package dev.twoliter.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoliter.api.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code twoliter new}, as a new user meets it. */
class NewCommandsTest {

    @TempDir
    Path directory;

    private Answer twoliter(Path here, String line) {
        return Answer.of(Environment.of(Map.of(), directory.resolve("cache")), here, line.split(" "));
    }

    private Answer done(Path here, String line) {
        Answer answer = twoliter(here, line);
        assertThat(answer.status()).as(line + ": " + answer.err()).isZero();
        return answer;
    }

    private Path project(String template) {
        done(directory, "new project --name tried --variant-name metal-tried --template " + template);
        return directory.resolve("tried");
    }

    @Test
    void a_new_user_comes_to_an_image_of_the_own_making() throws IOException {
        Path here = project("declarative");

        Answer inKit = done(here, "new package --name second");
        assertThat(inKit.out()).contains("packages/second", "It is in hello-dev-kit.", "twoliter build package");
        Answer kit = done(here, "new kit --name second-kit --json");
        assertThat(kit.json().at("/vendor").asText()).isEqualTo("local");
        assertThat(kit.json().at("/packages")).isEmpty();
        Answer inNone = done(here.resolve("packages"), "new package --name third");
        assertThat(inNone.out()).contains("It is in no kit: there are hello-dev-kit, second-kit");
        Answer named = done(here, "new package --name fourth --kit second-kit --json");
        assertThat(named.json().at("/kits/0").asText()).isEqualTo("second-kit");
        Answer variant = done(here, "new variant --name metal-own --json");
        assertThat(variant.json().at("/packages"))
                .extracting(JsonNode::asText)
                .containsExactly("hello-agent", "second", "fourth");
        assertThat(variant.json().at("/directory").asText()).endsWith("tried/variants/metal-own");

        done(here, "update");
        Answer build = done(here, "build variant --name metal-own --arch x86_64 --json");
        assertThat(build.json().at("/artifacts"))
                .extracting(artifact -> Path.of(artifact.get("path").asText()).getFileName())
                .anySatisfy(file -> assertThat(file).asString().startsWith("bottlerocket-fourth-0.1.0"))
                .anySatisfy(file -> assertThat(file).asString().endsWith(".img.lz4"));

        String image = build.json().at("/artifacts").findValuesAsText("path").stream()
                .filter(path -> path.endsWith(".img") && !path.contains("-data"))
                .findFirst()
                .orElseThrow();
        Answer disk = done(here, "disk verify " + image + " --json");
        assertThat(disk.json().at("/intact").asBoolean()).isTrue();
        assertThat(disk.json().at("/parts"))
                .extracting(part -> part.get("content").asText())
                .contains("verity", "ext4");
        assertThat(done(here, "disk inspect " + image).out()).contains("BOTTLEROCKET-ROOT-A", "root=");

        Files.writeString(here.resolve("packages/root.json"), "{}");
        Answer repacked =
                done(here.resolve("packages"), "repack metal-own --arch x86_64 --update-root root.json --json");
        Path same = Path.of(repacked.json().at("/directory").asText());
        assertThat(same).isEqualTo(here.toRealPath().resolve("build/repacked/x86_64-metal-own/1.0.0-00000000"));
        String name = Path.of(image).getFileName().toString();
        assertThat(repacked.json().at("/sha256").has(name)).isTrue();
        Answer verified = done(here, "disk verify " + same.resolve(name) + " --json");
        assertThat(verified.json().at("/intact").asBoolean()).isTrue();
        assertThat(verified.json().toString())
                .contains(repacked.json().at("/rootHash").asText());
    }

    @Test
    void a_variant_can_be_smaller_than_the_project() throws IOException {
        Path here = project("declarative");
        done(here, "new package --name second");
        done(here, "new kit --name second-kit --package second");

        Answer kit = done(here, "new variant --name metal-kit --kit second-kit --json");
        Answer one = done(here, "new variant --name metal-one --include hello-agent");

        assertThat(kit.json().at("/kits")).extracting(JsonNode::asText).containsExactly("second-kit");
        assertThat(kit.json().at("/packages")).extracting(JsonNode::asText).containsExactly("second");
        assertThat(one.out()).contains("It includes hello-agent.", "twoliter build variant --name metal-one");
    }

    @Test
    void the_spec_template_is_made_offline_and_says_what_it_needs_to_build() {
        Path here = project("spec");

        assertThat(here.resolve("sources/hello-agent/src/main.rs")).exists();
        done(here, "new package --name second --template spec");
        assertThat(here.resolve("sources/Cargo.toml")).content().contains("\"hello-agent\"", "\"second\"");
        Answer build = twoliter(here, "build variant --name metal-tried --arch x86_64");

        assertThat(build.status()).isEqualTo(1);
        assertThat(build.err())
                .startsWith(
                        "error: package 'hello-agent' cannot be built: engine 'docker' is not available: there is no program 'docker'")
                .contains("hint: A spec file needs rpmbuild in the SDK");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new package --name hello-agent|packages/hello-agent exists already",
                "new package --name ../x|'../x' is not allowed here",
                "new package --name x --kit hello-dev-kid|there is no kit 'hello-dev-kid' in this project",
                "new kit --name hello-dev-kit|kits/hello-dev-kit exists already",
                "new kit --name a.b|'a.b' is not allowed here",
                "new kit --name x-kit --vendor acme --package absent|there is no package or kit 'absent'",
                "new variant --name metal-tried|variants/metal-tried exists already",
                "new variant --name metal|PLATFORM-RUNTIME",
                "new variant --name metal-x --kit absent|there is no kit 'absent' in this project",
            })
    void what_cannot_be_made_is_said_in_one_line_and_changes_nothing(String lineAndMessage) throws IOException {
        Path here = project("declarative");
        String workspace = Files.readString(here.resolve("Cargo.toml"));
        String[] parts = lineAndMessage.split("\\|");

        Answer answer = twoliter(here, parts[0]);

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.err()).startsWith("error: ").contains(parts[1]).doesNotContain("\tat ");
        assertThat(here.resolve("Cargo.toml")).hasContent(workspace);
    }

    @Test
    void outside_of_a_project_it_says_so() {
        assertThat(twoliter(directory, "new kit --name x-kit").err())
                .contains("there is no Twoliter.toml in", "twoliter new project");
    }

    @Test
    void cleaning_and_fetching_say_what_they_did_even_if_that_is_nothing() {
        Path here = project("declarative");
        done(here, "update");

        assertThat(done(here, "fetch --arch x86_64").out())
                .isEqualTo("There is nothing to fetch: no external kits and no sources\n");
        done(here, "build package --name hello-agent --arch x86_64");
        assertThat(done(here, "build clean").out()).startsWith("Deleted /").endsWith("tried/build\n");
        assertThat(done(here, "build clean").out()).startsWith("There is nothing to delete: ");
    }
}
