package dev.twoliter.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twoliter.api.Environment;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code twoliter image} and {@code publish kit}, as a user sees them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImageCommandsTest {

    @TempDir
    static Path directory;

    private Path project;
    private String key;

    private record Answer(int status, String out, String err) {
        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(out);
        }

        Answer done() {
            assertThat(status).as(err).isZero();
            return this;
        }
    }

    private Answer twoliter(Path here, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Environment.of(Map.of(), directory.resolve("cache")),
                        here)
                .run(arguments);
        return new Answer(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Answer twoliter(String... arguments) {
        return twoliter(project, arguments);
    }

    /** Two releases of the template's kit; in the second its package has a new version, and there is another one. */
    @BeforeAll
    void publish() throws IOException {
        twoliter(directory, "new", "project", "--name", "p", "--variant-name", "metal-p")
                .done();
        project = directory.resolve("p");
        key = twoliter("keys", "generate", "--out", "../keys", "--json")
                .json()
                .at("/imagePrivate")
                .asText();
        twoliter("update").done();
        release();
        twoliter("new", "package", "--name", "greeter").done();
        edit("packages/hello-agent/package.toml", "version = \"0.1.0\"", "version = \"0.2.0\"");
        edit("Twoliter.toml", "release-version = \"1.0.0\"", "release-version = \"1.1.0\"");
        release();
    }

    private void edit(String file, String old, String now) throws IOException {
        String text = Files.readString(project.resolve(file));
        assertThat(text).contains(old);
        Files.writeString(project.resolve(file), text.replace(old, now));
    }

    private void release() {
        twoliter("build", "kit", "--name", "hello-dev-kit", "--arch", "x86_64", "--arch", "aarch64")
                .done();
        publishKit().done();
    }

    private Answer publishKit(String... more) {
        String[] words = {"publish", "kit", "--name", "hello-dev-kit", "--vendor", "local", "--image-key", key};
        String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return twoliter(all);
    }

    private static final String KIT = "oci:registry/hello-dev-kit";

    @Test
    void an_index_is_told_in_words() {
        String out = twoliter("image", "inspect", KIT + ":v1.0.0").done().out();

        assertThat(out)
                .startsWith(KIT + ":v1.0.0\n  index      sha256:")
                .contains(", 2 images, 1 signature\n")
                .contains("  kit        hello-dev-kit 1.0.0\n")
                .contains("  sdk        stand-in-sdk 0.1.0 of local\n")
                .contains("  needs      no other kit\n")
                .contains("\nlinux/amd64\n  image      sha256:", "\nlinux/arm64\n  image      sha256:")
                .contains("  created    1970-01-01T00:00:00Z\n")
                .contains("  label      dev.bottlerocket.kit.v4 (what kit, sdk and needs say)\n")
                .contains(" in 2 layers\n", "  application/vnd.oci.image.layer.v1.tar");
    }

    @Test
    void an_index_is_told_in_json() throws IOException {
        JsonNode json =
                twoliter("image", "inspect", KIT + ":v1.0.0", "--json").done().json();

        assertThat(json.at("/reference").asText()).isEqualTo(KIT + ":v1.0.0");
        assertThat(json.at("/index").asBoolean()).isTrue();
        assertThat(json.at("/digest").asText()).startsWith("sha256:");
        assertThat(json.at("/signatures").asInt()).isEqualTo(1);
        assertThat(json.at("/kit/sdk/vendor").asText()).isEqualTo("local");
        assertThat(json.at("/kit/kits").isArray()).isTrue();
        assertThat(json.at("/images")).hasSize(2);
        assertThat(json.at("/images/1/platform").asText()).isEqualTo("linux/arm64");
        assertThat(json.at("/images/1/layers/0/mediaType").asText())
                .isEqualTo("application/vnd.oci.image.layer.v1.tar");
        // By digest it is the same.
        assertThat(twoliter("image", "inspect", KIT + "@" + json.at("/digest").asText(), "--json")
                        .done()
                        .json()
                        .at("/images"))
                .isEqualTo(json.at("/images"));
    }

    @Test
    void an_image_that_is_no_kit_is_told_without_one() throws IOException {
        Answer sdk =
                twoliter("image", "inspect", "oci:registry/stand-in-sdk:v0.1.0").done();
        assertThat(sdk.out()).contains("not signed").doesNotContain("  kit ");
        assertThat(twoliter("image", "inspect", "oci:registry/stand-in-sdk:v0.1.0", "--json")
                        .json()
                        .at("/kit")
                        .isNull())
                .isTrue();
    }

    @Test
    void a_release_is_copied_with_signatures_and_metadata_to_be_used_from_there() throws IOException {
        Answer answer = twoliter(
                "image",
                "copy",
                KIT + ":v1.0.0",
                "oci:mirror/hello-dev-kit:v1.0.0",
                "--signatures",
                "--metadata",
                "--json");
        JsonNode json = answer.done().json();

        assertThat(json.at("/digest"))
                .isEqualTo(twoliter("image", "inspect", KIT + ":v1.0.0", "--json")
                        .json()
                        .at("/digest"));
        assertThat(json.at("/images").asInt()).isEqualTo(2);
        assertThat(json.at("/metadata").asText()).startsWith("sha256:");
        assertThat(json.at("/signatures")).hasSize(6);
        assertThat(json.at("/copied/bytes").asLong()).isPositive();
        Answer again = twoliter("image", "copy", KIT + ":v1.0.0", "oci:mirror/hello-dev-kit:v1.0.0", "--jobs", "1")
                .done();
        assertThat(again.out()).contains("2 images; copied 0 bytes, ").contains(" bytes were there");
    }

    @Test
    void one_architecture_is_copied_alone() throws IOException {
        twoliter("image", "copy", KIT + ":v1.0.0", "oci:arm/hello-dev-kit:v1.0.0", "--arch", "arm64")
                .done();

        JsonNode copy = twoliter("image", "inspect", "oci:arm/hello-dev-kit:v1.0.0", "--json")
                .json();
        assertThat(copy.at("/index").asBoolean()).isFalse();
        assertThat(copy.at("/images/0/platform").asText()).isEqualTo("linux/arm64");
        assertThat(twoliter("image", "inspect", "oci:arm/hello-dev-kit:v1.0.0").out())
                .contains("hello-dev-kit:v1.0.0\n  kit        hello-dev-kit 1.0.0\n");
    }

    @Test
    void an_archive_goes_there_and_back() throws IOException {
        twoliter("image", "copy", KIT + ":v1.0.0", "oci-archive:kit.tar", "--signatures")
                .done();
        Answer ambiguous = twoliter("image", "inspect", "oci-archive:kit.tar");
        assertThat(ambiguous.status()).isEqualTo(1);
        assertThat(ambiguous.err()).contains("images instead of one");
        twoliter("image", "copy", KIT + ":v1.0.0", "oci-archive:named.tar:v1").done();

        JsonNode whole = twoliter("image", "inspect", "oci-archive:named.tar", "--json")
                .done()
                .json();
        JsonNode named = twoliter("image", "inspect", "oci-archive:named.tar:v1", "--json")
                .done()
                .json();

        assertThat(whole.at("/images")).isEqualTo(named.at("/images")).hasSize(2);
        twoliter("image", "copy", "oci-archive:named.tar", "oci:back/hello-dev-kit:v1.0.0")
                .done();
        assertThat(twoliter("image", "inspect", "oci:back/hello-dev-kit:v1.0.0", "--json")
                        .json()
                        .at("/digest"))
                .isEqualTo(whole.at("/digest"));
    }

    @Test
    void two_releases_are_compared_in_words() {
        String out = twoliter("image", "diff", KIT + ":v1.0.0", KIT + ":v1.1.0", "--arch", "x86_64")
                .done()
                .out();

        assertThat(out.lines())
                .hasSize(4)
                .startsWith("hello-dev-kit 1.0.0 -> hello-dev-kit 1.1.0, x86_64")
                .anyMatch(line -> line.startsWith("bottlerocket-greeter added at "))
                .anyMatch(line -> line.matches("bottlerocket-hello-agent 0\\.1\\.0-.* -> 0\\.2\\.0-.*"));
        assertThat(out).contains("2 packages changed, 0 as before; ").contains(" more");
        assertThat(twoliter("image", "diff", KIT + ":v1.1.0", KIT + ":v1.0.0").out())
                .contains("bottlerocket-greeter ", " removed", ", which is older", " fewer");
        assertThat(twoliter("image", "diff", KIT + ":v1.0.0", KIT + ":v1.0.0").out())
                .contains("0 packages changed, 1 as before; ", " bytes, as many as before");
    }

    @Test
    void two_releases_are_compared_in_json() throws IOException {
        JsonNode json = twoliter("image", "diff", KIT + ":v1.0.0", KIT + ":v1.1.0", "--arch", "aarch64", "--json")
                .done()
                .json();

        assertThat(json.at("/arch").asText()).isEqualTo("aarch64");
        assertThat(json.at("/before/kit/version").asText()).isEqualTo("1.0.0");
        assertThat(json.at("/after/size").asLong())
                .isGreaterThan(json.at("/before/size").asLong());
        assertThat(json.at("/dependencies")).isEmpty();
        assertThat(json.at("/unchanged").asInt()).isZero();
        assertThat(json.at("/packages")).hasSize(2);
        assertThat(json.at("/packages/0/name").asText()).isEqualTo("bottlerocket-greeter");
        assertThat(json.at("/packages/0/change").asText()).isEqualTo("added");
        assertThat(json.at("/packages/0/before").isNull()).isTrue();
        assertThat(json.at("/packages/1/after/evr").asText()).startsWith("0.2.0-");
        assertThat(json.at("/packages/1/after/arch").asText()).isEqualTo("aarch64");
    }

    @Test
    void a_dry_run_says_what_would_be_pushed_and_needs_no_key() throws IOException {
        Answer answer = twoliter(
                "publish", "kit", "--name", "hello-dev-kit", "--vendor", "local", "--arch", "x86_64", "--dry-run");

        assertThat(answer.done().out().lines())
                .hasSize(3)
                .first()
                .asString()
                .matches(
                        "would push image for x86_64, not signed: oci:\\./registry/hello-dev-kit:v1\\.1\\.0-00000000-x86_64"
                                + "@sha256:[0-9a-f]{64}");
        assertThat(answer.out()).contains("would push index over x86_64 and what else is published, not signed: ");
        assertThat(publishKit("--dry-run", "--json").done().json().at("/pushes"))
                .hasSize(4)
                .allSatisfy(push -> assertThat(push.get("what").asText()).endsWith(", signed"));
    }

    @Test
    void a_release_with_other_content_is_refused_and_the_way_out_is_told() throws IOException {
        assertThat(publishKit().status()).isZero();
        String before = Files.readString(project.resolve("registry/hello-dev-kit/index.json"));
        edit("packages/hello-agent/package.toml", "version = \"0.2.0\"", "version = \"0.2.1\"");
        try {
            twoliter("build", "kit", "--name", "hello-dev-kit", "--arch", "x86_64", "--arch", "aarch64")
                    .done();

            Answer refused = publishKit();

            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("error: oci:./registry/hello-dev-kit has released other content: ")
                    .contains("v1.1.0-00000000-x86_64 and v1.1.0 for x86_64 are sha256:", ", and this kit is sha256:")
                    .contains("hint: Raise release-version in Twoliter.toml; or publish with --replace");
            assertThat(Files.readString(project.resolve("registry/hello-dev-kit/index.json")))
                    .isEqualTo(before);
        } finally {
            edit("packages/hello-agent/package.toml", "version = \"0.2.1\"", "version = \"0.2.0\"");
            twoliter("build", "kit", "--name", "hello-dev-kit", "--arch", "x86_64", "--arch", "aarch64")
                    .done();
        }
        assertThat(publishKit("--replace").status()).isZero();
    }

    @Test
    void misuse_is_told_with_what_to_write_instead() {
        for (List<String> wrong : List.of(
                List.of(
                        "registry/hello-dev-kit:v1.0.0",
                        "does not say where the image is: write docker://HOST/REPO:TAG, oci:DIR/REPO:TAG or"
                                + " oci-archive:FILE[:TAG]"),
                List.of("docker://alpine:3", "names no repository: write REGISTRY/REPOSITORY:TAG"),
                List.of("oci:registry/hello-dev-kit", "has neither tag nor digest: add :TAG or @sha256:HEX"),
                List.of("oci-archive:", "names no file"))) {
            Answer answer = twoliter("image", "inspect", wrong.get(0));
            assertThat(answer.status()).isEqualTo(2);
            assertThat(answer.err()).contains(wrong.get(1)).contains("see twoliter image inspect --help");
        }
        String digest = "@sha256:" + "0".repeat(64);
        assertThat(twoliter("image", "copy", KIT + ":v1.0.0", KIT + digest).err())
                .contains("has a digest: what is copied keeps its own; give the tag that it shall have");
        assertThat(twoliter("image", "copy", KIT + ":v1.0.0", KIT + ":x", "--jobs", "0")
                        .err())
                .contains("--jobs must be 1 or more");
        assertThat(twoliter("image", "copy", KIT + ":v1.0.0", "oci-archive:x.tar", "--metadata")
                        .err())
                .contains("--metadata is for registries and directories");
        assertThat(twoliter("image", "diff", "oci-archive:x.tar", KIT + ":v1.0.0")
                        .err())
                .contains("is an archive: copy it to a directory first");
    }

    @Test
    void what_is_missing_or_of_another_kind_is_named() {
        for (List<String> wrong : List.of(
                List.of("inspect", KIT + ":v9", "hello-dev-kit:v9 does not exist", "Check the name and the tag"),
                List.of("inspect", "oci:nowhere/kit:v1", "there is no directory", "hint: "),
                List.of("inspect", "oci-archive:absent.tar", "absent.tar", "error: "))) {
            Answer answer = twoliter("image", wrong.get(0), wrong.get(1));
            assertThat(answer.status()).isEqualTo(1);
            assertThat(answer.err()).contains(wrong.get(2), wrong.get(3));
        }
        Answer diff = twoliter("image", "diff", KIT + ":v1.0.0", "oci:registry/stand-in-sdk:v0.1.0");
        assertThat(diff.status()).isEqualTo(1);
        assertThat(diff.err()).contains("stand-in-sdk:v0.1.0: the image is no kit", "hint: Name an index or image");
    }

    @Test
    @Peer("skopeo")
    void skopeo_reads_what_was_copied() throws IOException {
        twoliter("image", "copy", KIT + ":v1.0.0", "oci:for-skopeo/hello-dev-kit:v1.0.0")
                .done();

        String raw = Command.output(
                "skopeo", "inspect", "--raw", "oci:" + project.resolve("for-skopeo/hello-dev-kit") + ":v1.0.0");

        assertThat(new ObjectMapper().readTree(raw).at("/manifests")).hasSize(2);
    }
}
