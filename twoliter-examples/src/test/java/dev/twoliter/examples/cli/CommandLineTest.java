package dev.twoliter.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twoliter.api.Environment;
import dev.twoliter.rpm.RpmBuilder;
import dev.twoliter.rpm.RpmEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    @TempDir
    Path directory;

    private Path here;
    private Environment environment;

    @BeforeEach
    void begin_here() {
        here = directory;
        environment = Environment.of(Map.of(), directory.resolve("cache"));
    }

    private Answer twoliter(String... arguments) {
        return Answer.of(environment, here, arguments);
    }

    @Nested
    class in_a_new_project {

        @BeforeEach
        void make_it() {
            Answer answer = twoliter("new", "project", "--name", "tried", "--variant-name", "metal-tried");
            assertThat(answer.status()).as(answer.err()).isZero();
            assertThat(answer.out()).contains("stand-in");
            here = directory.resolve("tried");
        }

        @Test
        void the_whole_way_goes_through() throws IOException {
            Answer update = twoliter("update", "--json");
            assertThat(update.status()).as(update.err()).isZero();
            assertThat(update.json().at("/sdk/name").asText()).isEqualTo("stand-in-sdk");
            assertThat(update.json().at("/sdk/previous").isNull()).isTrue();
            assertThat(update.json().at("/kits").isArray()).isTrue();

            Answer build = twoliter("build", "variant", "--name", "metal-tried", "--arch", "x86_64", "--json");
            assertThat(build.status()).as(build.err()).isZero();
            Answer why = twoliter("why", "hello-agent", "--variant", "metal-tried", "--arch", "x86_64", "--json");
            assertThat(why.status()).as(why.err()).isZero();
            assertThat(why.json().at("/installed/kit").asText()).isEqualTo("hello-dev-kit");
            assertThat(why.json().at("/chain/0").asText())
                    .isEqualTo("variant 'metal-tried' includes 'hello-agent' (included-packages)");
            assertThat(build.json().at("/artifacts")).isNotEmpty().allSatisfy(artifact -> {
                assertThat(Path.of(artifact.get("path").asText())).exists();
                assertThat(artifact.get("sha256").asText()).matches("[0-9a-f]{64}");
                assertThat(artifact.get("size").isIntegralNumber()).isTrue();
            });
            assertThat(build.json().at("/steps"))
                    .anySatisfy(step -> assertThat(step.get("id").asText()).isEqualTo("variant metal-tried x86_64"));

            Answer again = twoliter("build", "--variant", "metal-tried", "--arch", "amd64", "--json");
            assertThat(again.json().at("/steps"))
                    .allSatisfy(
                            step -> assertThat(step.get("upToDate").asBoolean()).isTrue());
            assertThat(again.json().at("/artifacts")).isEqualTo(build.json().at("/artifacts"));

            Answer keys = twoliter("keys", "generate", "--out", "../keys", "--json");
            assertThat(keys.status()).as(keys.err()).isZero();
            String key = keys.json().at("/imagePrivate").asText();
            Answer publish = twoliter(
                    "publish", "kit", "--name", "hello-dev-kit", "--vendor", "local", "--image-key", key, "--json");
            assertThat(publish.status()).as(publish.err()).isZero();
            assertThat(publish.json().at("/reference").asText()).contains("hello-dev-kit:v1.0.0@sha256:");
            assertThat(publish.json().at("/images/x86_64").asText()).startsWith("sha256:");
            assertThat(publish.json().at("/signatures")).isNotEmpty();
        }

        @Test
        void keys_come_from_the_environment_too() throws IOException {
            twoliter("update");
            JsonNode keys =
                    twoliter("keys", "generate", "--out", "../keys", "--json").json();
            environment = environment
                    .with("TWOLITER_RPM_KEY", keys.at("/rpmSecret").asText())
                    .with("TWOLITER_IMAGE_KEY", keys.at("/imagePrivate").asText());
            assertThat(twoliter("build", "kit", "--name", "hello-dev-kit", "--arch", "x86_64")
                            .status())
                    .isZero();

            Answer publish = twoliter("publish", "kit", "--name", "hello-dev-kit", "--vendor", "local", "--json");

            assertThat(publish.json().at("/signatures")).isNotEmpty();
        }

        @Test
        void the_graph_is_drawn_in_every_format() throws IOException {
            assertThat(twoliter("graph").out())
                    .contains("1 variant and what each needs directly\n  metal-tried  hello-dev-kit\n")
                    .contains("  hello-dev-kit  hello-agent\n");
            assertThat(twoliter("graph", "--format", "dot").out()).startsWith("digraph project {\n");
            assertThat(twoliter("graph", "--format", "mermaid").out()).startsWith("flowchart LR\n");
            assertThat(twoliter("graph", "--format", "SVG").out())
                    .startsWith("<svg ")
                    .endsWith("</svg>\n");

            Answer lists = twoliter("graph", "--format", "json");

            assertThat(lists.json()).isEqualTo(new ObjectMapper().readTree("""
                    {"packages": {"hello-agent": {"packages": [], "kits": []}},
                     "kits": {"hello-dev-kit": {"packages": ["hello-agent"], "kits": []}},
                     "variants": {"metal-tried": {"packages": [], "kits": ["hello-dev-kit"]}},
                     "externalKits": []}"""));
            assertThat(twoliter("graph", "--json").out()).isEqualTo(lists.out());
        }

        @Test
        void a_part_of_the_graph_is_drawn_on_request() throws IOException {
            assertThat(twoliter("graph", "--of", "hello-dev-kit", "--json")
                            .json()
                            .at("/variants"))
                    .isEmpty();
            assertThat(twoliter("graph", "--needed-by", "hello-agent", "--json")
                            .json()
                            .at("/variants"))
                    .hasSize(1);

            Answer unknown = twoliter("graph", "--of", "hello-agnet");

            assertThat(unknown.status()).isEqualTo(1);
            assertThat(unknown.err()).contains("'hello-agnet'", "did you mean 'hello-agent'?");
        }

        @Test
        void a_dry_run_of_update_writes_nothing() {
            Answer answer = twoliter("update", "--dry-run");

            assertThat(answer.out()).contains("would change: stand-in-sdk");
            assertThat(here.resolve("Twoliter.lock")).doesNotExist();
        }

        @Test
        void offline_a_registry_is_not_asked_and_a_directory_is_read() throws IOException {
            assertThat(twoliter("update", "--offline").status()).isZero();
            assertThat(twoliter("fetch", "--offline", "--arch", "amd64").status())
                    .isZero();
            assertThat(twoliter("build", "kit", "--offline", "--name", "hello-dev-kit", "--arch", "x86_64")
                            .status())
                    .isZero();
            Path override = here.resolve("Twoliter.override");
            Files.writeString(override, "[local.stand-in-sdk]\nregistry = \"registry.invalid\"\n");
            environment = Environment.of(Map.of(), directory.resolve("empty"));
            for (String[] command : new String[][] {
                {"update", "--offline"},
                {"fetch", "--offline", "--arch", "x86_64"},
            }) {
                Answer answer = twoliter(command);
                assertThat(answer.status()).isEqualTo(1);
                assertThat(answer.err())
                        .contains("registry.invalid/stand-in-sdk:v", "is not in the cache", "once with a network");
            }
        }

        @Test
        void an_upgrade_changes_nothing_where_there_is_nothing_newer() throws IOException {
            twoliter("update");
            String before = Files.readString(here.resolve("Twoliter.toml"));

            Answer answer = twoliter("update", "--upgrade", "--dry-run");
            Answer json = twoliter("update", "--upgrade", "stand-in-sdk", "--pre-releases", "--json");

            assertThat(answer.status()).as(answer.err()).isZero();
            assertThat(answer.out().strip()).isEqualTo("Twoliter.lock is up to date");
            assertThat(json.json().at("/edits").isArray()).isTrue();
            assertThat(json.json().at("/sdk/previous")).isEqualTo(json.json().at("/sdk/version"));
            assertThat(Files.readString(here.resolve("Twoliter.toml"))).isEqualTo(before);
        }

        @Test
        void an_upgrade_of_an_unknown_kit_is_wrong_usage_with_a_guess() {
            Answer answer = twoliter("update", "--upgrade", "stand-in-sdl");

            assertThat(answer.status()).isEqualTo(2);
            assertThat(answer.err()).contains("no kit 'stand-in-sdl'", "did you mean 'stand-in-sdk'?");
        }

        @Test
        void a_missing_lock_says_how_to_get_one() {
            Answer answer = twoliter("build", "variant", "--name", "metal-tried", "--arch", "x86_64");

            assertThat(answer.status()).isEqualTo(1);
            assertThat(answer.err()).contains("error:", "Twoliter.lock", "hint:", "update");
        }

        @Test
        void a_typo_in_a_key_is_named_with_its_line() throws IOException {
            Path file = here.resolve("Twoliter.toml");
            Files.writeString(file, Files.readString(file).replace("release-version", "relase-version"));

            Answer answer = twoliter("update");

            assertThat(answer.status()).isEqualTo(1);
            assertThat(answer.err())
                    .containsPattern("Twoliter.toml:\\d+")
                    .contains("relase-version", "release-version");
        }

        @Test
        void publishing_without_a_signature_has_to_be_asked_for() {
            twoliter("update");
            twoliter("build", "kit", "--name", "hello-dev-kit", "--arch", "x86_64");

            Answer refused = twoliter("publish", "kit", "--name", "hello-dev-kit", "--vendor", "local");
            Answer asked = twoliter("publish", "kit", "--name", "hello-dev-kit", "--vendor", "local", "--unsigned");

            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("error:", "hint:");
            assertThat(asked.status()).as(asked.err()).isZero();
        }

        @Test
        void progress_goes_to_standard_error_and_can_be_turned_off() {
            twoliter("update");

            Answer loud = twoliter("build", "kit", "--name", "hello-dev-kit", "--arch", "x86_64");
            Answer quiet = twoliter("build", "kit", "--name", "hello-dev-kit", "--arch", "aarch64", "--quiet");

            assertThat(loud.err()).contains("done    kit hello-dev-kit x86_64");
            assertThat(quiet.status()).isZero();
            assertThat(quiet.err()).isEmpty();
        }

        @Test
        void cleaning_deletes_what_was_built() {
            twoliter("update");
            twoliter("build", "package", "--name", "hello-agent", "--arch", "x86_64");
            assertThat(here.resolve("build/rpms")).exists();

            Answer answer = twoliter("build", "clean");

            assertThat(answer.status()).isZero();
            assertThat(here.resolve("build")).doesNotExist();
        }

        @Test
        void a_second_project_does_not_take_its_place() {
            here = directory;

            Answer answer = twoliter("new", "project", "--name", "tried", "--variant-name", "metal-tried");

            assertThat(answer.status()).isEqualTo(1);
            assertThat(answer.err()).contains("Twoliter.toml");
        }
    }

    @Test
    void where_there_is_no_project_it_says_so() throws IOException {
        Answer answer = twoliter("update", "--json");

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.err()).contains("error:", "Twoliter.toml").doesNotContain("\tat ");
        assertThat(answer.json().at("/error/code").asText()).isEqualTo("invalid-project");
    }

    @Test
    void the_stack_trace_is_shown_on_request_only() {
        assertThat(twoliter("update", "--log-level", "debug").err()).contains("\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "build",
                "build variant",
                "build variant --name a --arch sparc",
                "update --dry",
                "update --pre-releases",
                "fetch",
                "publish kit --name a --vendor b --image-key c --unsigned",
                "update --log-level loud",
                "graph --format png",
                "graph --of a --needed-by b",
                "repo",
                "repo index",
                "repo index x --workers 0",
                "repo check",
                "repo solve a",
                "repo solve --repo a=x",
                "repo solve --repo x a"
            })
    void wrong_usage_ends_with_2_and_points_to_the_help(String line) {
        Answer answer = twoliter(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(answer.status()).isEqualTo(2);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err())
                .startsWith("error: ")
                .contains("hint: see twoliter")
                .contains("--help");
    }

    @Nested
    class with_a_package {

        private Path rpm;
        private JsonNode keys;

        @BeforeEach
        void make_it() throws IOException {
            rpm = directory.resolve("p.rpm");
            RpmBuilder.builder("p", "1", "1")
                    .arch("noarch")
                    .summary("p")
                    .license("MIT")
                    .add(RpmEntry.file("/usr/share/p", new byte[100]))
                    .writeTo(rpm);
            keys = twoliter("keys", "generate", "--out", "keys", "--json").json();
        }

        private Answer verify() {
            return twoliter(
                    "rpm", "verify", "--json", "--key", keys.at("/rpmPublic").asText(), "p.rpm");
        }

        @Test
        void it_is_signed_verified_and_unsigned() throws IOException {
            assertThat(verify().status()).isEqualTo(1);
            assertThat(verify().json().at("/0/verdict").asText()).isEqualTo("unsigned");

            Answer sign = twoliter(
                    "rpm", "sign", "--json", "--key", keys.at("/rpmSecret").asText(), "p.rpm");

            assertThat(sign.status()).as(sign.err()).isZero();
            Answer good = verify();
            assertThat(good.status()).as(good.err()).isZero();
            JsonNode first = good.json().get(0);
            assertThat(first.fieldNames()).toIterable().containsExactly("file", "verdict", "digests", "signatures");
            assertThat(first.at("/file").asText()).endsWith("p.rpm");
            assertThat(first.at("/verdict").asText()).isEqualTo("ok");
            assertThat(first.at("/digests").toString())
                    .isEqualTo("{\"header-sha256\":\"ok\",\"header-sha1\":\"ok\",\"payload\":\"ok\","
                            + "\"payload-sha3-256\":\"ok\",\"md5\":\"absent\"}");
            assertThat(first.at("/signatures/0/tag").asText()).isEqualTo("DSA");
            assertThat(first.at("/signatures/0/keyId")).isEqualTo(sign.json().at("/keyId"));
            assertThat(first.at("/signatures/0/result").asText()).isEqualTo("ok");

            Answer unknown = twoliter("rpm", "verify", "p.rpm");
            assertThat(unknown.status()).isEqualTo(1);
            assertThat(unknown.out()).contains("p.rpm: nokey (signature by ", "missing-key");
            assertThat(twoliter("rpm", "sign", "--remove", "p.rpm").status()).isZero();
            assertThat(verify().json().at("/0/verdict").asText()).isEqualTo("unsigned");
        }

        @Test
        void a_damaged_one_is_bad_and_is_not_signed() throws IOException {
            Files.write(rpm, new byte[] {1, 2, 3});
            Answer bad = verify();
            assertThat(bad.status()).isEqualTo(1);
            assertThat(bad.json().at("/0/verdict").asText()).isEqualTo("bad");
            assertThat(bad.json().at("/0/problem").asText()).contains("p.rpm");

            Answer sign = twoliter("rpm", "sign", "--key", keys.at("/rpmSecret").asText(), "p.rpm");
            assertThat(sign.status()).isEqualTo(1);
            assertThat(sign.err()).contains("error:", "p.rpm");
        }

        @Test
        void a_key_has_to_be_given() {
            Answer answer = twoliter("rpm", "sign", "p.rpm");
            assertThat(answer.status()).isEqualTo(2);
            assertThat(answer.err()).contains("--key", "TWOLITER_RPM_KEY");
        }
    }

    @Test
    void every_command_explains_itself() {
        assertThat(twoliter("publish", "kit", "--help").out()).contains("--vendor", "Exit status");
    }

    @Nested
    class with_a_directory_of_packages {

        private Path packages;

        @BeforeEach
        void make_it() throws IOException {
            packages = Files.createDirectory(directory.resolve("packages"));
            for (String name : List.of("one", "two")) {
                RpmBuilder.builder(name, "1", "1").arch("noarch").writeTo(packages.resolve(name + ".rpm"));
            }
        }

        @Test
        void an_index_is_written_updated_and_checked() throws IOException {
            Answer first = twoliter("repo", "index", "packages", "--json");
            assertThat(first.status()).as(first.err()).isZero();
            assertThat(first.json())
                    .isEqualTo(new ObjectMapper()
                            .createObjectNode()
                            .put(
                                    "repomd",
                                    packages.resolve("repodata/repomd.xml").toString())
                            .put("packages", 2)
                            .put("read", 2));
            assertThat(twoliter("repo", "index", "packages", "--update").out()).contains("2 packages, 0 read");
            Answer good = twoliter("repo", "check", "packages", "--json");
            assertThat(good.status()).isZero();
            assertThat(good.json().at("/metadataFiles").asInt()).isEqualTo(6);

            Files.delete(packages.resolve("one.rpm"));
            Answer bad = twoliter("repo", "check", "packages", "--json");
            assertThat(bad.status()).isEqualTo(1);
            assertThat(bad.json().at("/good").asBoolean()).isFalse();
            assertThat(bad.json().at("/problems/0/file").asText()).isEqualTo("one.rpm");
            assertThat(twoliter("repo", "check", "packages").out()).contains("bad", "one.rpm");
        }

        @Test
        void a_key_signs_the_index_and_the_check_wants_it() {
            assertThat(twoliter("keys", "generate", "--out", "keys").status()).isZero();
            Answer keys = twoliter("keys", "generate", "--out", "others");
            assertThat(keys.status()).isZero();
            assertThat(twoliter("repo", "index", "packages", "--no-database", "--sign-key", "keys/rpm.secret.asc")
                            .status())
                    .isZero();
            assertThat(twoliter("repo", "check", "packages", "--key", "keys/rpm.asc")
                            .status())
                    .isZero();
            Answer wrong = twoliter("repo", "check", "packages", "--key", "others/rpm.asc");
            assertThat(wrong.status()).isEqualTo(1);
            assertThat(wrong.out()).contains("unknown key");
        }

        @Test
        void the_time_of_the_index_is_source_date_epoch() throws IOException {
            environment = Environment.of(Map.of("SOURCE_DATE_EPOCH", "1700000000"), directory.resolve("cache"));
            assertThat(twoliter("repo", "index", "packages", "--zstd", "--exclude", "o*")
                            .status())
                    .isZero();
            assertThat(Files.readString(packages.resolve("repodata/repomd.xml")))
                    .contains("<revision>1700000000</revision>", "primary.xml.zst");
            environment = Environment.of(Map.of("SOURCE_DATE_EPOCH", "now"), directory.resolve("cache"));
            assertThat(twoliter("repo", "index", "packages").status()).isEqualTo(2);
        }
    }

    @Nested
    class with_packages {

        @BeforeEach
        void write_a_package_toml() throws IOException {
            Files.createDirectories(here.resolve("hello"));
            Files.writeString(here.resolve("hello/hello.sh"), "#!/bin/sh\n");
            Files.writeString(here.resolve("hello/package.toml"), """
                    name = "hello"
                    prefix = ""
                    version = "1.0"
                    epoch = 1
                    summary = "Greets"
                    license = "MIT"
                    requires = ["(a if b)"]

                    [[contents]]
                    src = "hello.sh"
                    dst = "/usr/bin/hello"
                    file_info = { mode = 0o4755 }
                    """);
        }

        private Path build() throws IOException {
            Answer build =
                    twoliter("rpm", "build", "--package-dir", "hello", "--arch", "aarch64", "--out", "rpms", "--json");
            assertThat(build.status()).as(build.err()).isZero();
            assertThat(build.json().at("/nevra").asText()).isEqualTo("hello-1:1.0-1.aarch64");
            return Path.of(build.json().at("/path").asText());
        }

        @Test
        void rpm_build_makes_one_without_a_project_and_the_same_again() throws IOException {
            byte[] first = Files.readAllBytes(build());
            assertThat(build()).hasFileName("hello-1.0-1.aarch64.rpm").hasBinaryContent(first);
        }

        @Test
        void rpm_build_says_what_is_wrong_with_the_file() throws IOException {
            Files.writeString(
                    here.resolve("hello/package.toml"), "name = \"hello\"\nversion = \"1\"\nsumary = \"x\"\n");
            Answer answer = twoliter("rpm", "build", "--package-dir", "hello", "--out", "rpms");
            assertThat(answer.status()).isEqualTo(1);
            assertThat(answer.err()).contains("sumary").contains("license").contains("package.toml");
        }

        @Test
        void rpm_info_tells_what_a_package_says() throws IOException {
            Path rpm = build();
            JsonNode info = twoliter("rpm", "info", rpm.toString(), "--tags", "--json")
                    .json()
                    .at("/0");
            assertThat(info.at("/version").asText()).isEqualTo("1.0");
            assertThat(info.at("/epoch").asInt()).isEqualTo(1);
            assertThat(info.at("/requires")).extracting(JsonNode::asText).contains("(a if b)");
            assertThat(info.at("/files/0/path").asText()).isEqualTo("/usr/bin/hello");
            assertThat(info.at("/files/0/mode").asText()).isEqualTo("104755");
            assertThat(info.at("/tags/NAME/0").asText()).isEqualTo("hello");
            assertThat(info.at("/signed").asBoolean()).isFalse();
            assertThat(twoliter("rpm", "info", rpm.toString()).out())
                    .contains("hello-1:1.0-1.aarch64")
                    .contains("(a if b)")
                    .contains("1 files");
            Answer damaged = twoliter("rpm", "info", "hello/hello.sh");
            assertThat(damaged.status()).isEqualTo(1);
            assertThat(damaged.err()).contains("hello.sh");
        }

        @Test
        void rpm_unpack_keeps_what_exists() throws IOException {
            Path rpm = build();
            Answer unpack = twoliter("rpm", "unpack", rpm.toString(), "--out", "tree", "--manifests", ".", "--json");
            assertThat(unpack.status()).as(unpack.err()).isZero();
            assertThat(unpack.json().at("/0/files").asInt()).isEqualTo(1);
            assertThat(here.resolve("tree/usr/bin/hello"))
                    .hasContent("#!/bin/sh\n")
                    .isExecutable();
            assertThat(Path.of(unpack.json().at("/0/manifest").asText()))
                    .content()
                    .contains("./usr/bin/hello type=file mode=04755 uname=root gname=root");
            Answer again = twoliter("rpm", "unpack", rpm.toString(), "--out", "tree");
            assertThat(again.status()).isEqualTo(1);
            assertThat(again.err()).contains("exists already");
            assertThat(twoliter("rpm", "unpack", rpm.toString(), "--out", "tree", "--overwrite")
                            .status())
                    .isZero();
        }
    }
}
