package dev.twoliter.core.internal.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.EngineException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.KitSpec;
import dev.twoliter.api.NewProject;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Recipe;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.Template;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code twoliter new} writes, through the API. */
class ScaffoldTest {

    @TempDir
    Path temp;

    private Project create(Template template) {
        return Twoliter.create(
                temp.resolve("new"),
                NewProject.builder("ootb-variants")
                        .variant("example-dev")
                        .template(template)
                        .build(),
                Environment.of(Map.of(), temp.resolve("cache")));
    }

    private static Map<String, String> tree(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path p : walk.toList()) {
                String name = root.relativize(p).toString();
                files.put(
                        Files.isDirectory(p) ? name + "/" : name,
                        Files.isDirectory(p) ? "" : Files.readString(p, StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    private String read(String path) throws IOException {
        return Files.readString(temp.resolve("new").resolve(path));
    }

    private static PackageSpec motd() {
        return PackageSpec.builder("motd-1.0")
                .version("1.0")
                .summary("A word of welcome")
                .license("MIT")
                .config("/etc/motd", "welcome\n")
                .build();
    }

    @Nested
    class a_new_project {

        @ParameterizedTest
        @EnumSource
        void loads_without_warnings(Template template) {
            Project project = create(template);

            assertThat(project.warnings()).isEmpty();
            assertThat(project.spec().projectVendor()).isEqualTo("ootb-variants");
            assertThat(project.spec().variants()).extracting(VariantSpec::name).containsExactly("example-dev");
            assertThat(project.spec().kits()).extracting(KitSpec::packages).containsExactly(List.of("hello-agent"));
        }

        @Test
        void of_the_declarative_template_builds_at_once() {
            Project project = create(Template.DECLARATIVE);
            project.updateLock().write();

            assertThat(project.plan(b -> b.variant("example-dev").arch(Arch.X86_64))
                            .run()
                            .images())
                    .isNotEmpty();
        }

        @Test
        void of_the_spec_template_has_the_tree_of_the_design() throws IOException {
            Project project = create(Template.SPEC);

            assertThat(tree(project.directory()))
                    .containsKeys(
                            ".gitignore",
                            "Cargo.toml",
                            "Twoliter.toml",
                            "kits/build.rs",
                            "kits/hello-dev-kit/Cargo.toml",
                            "kits/kit.rs",
                            "packages/build.rs",
                            "packages/hello-agent/Cargo.toml",
                            "packages/hello-agent/hello-agent.service",
                            "packages/hello-agent/hello-agent.spec",
                            "packages/packages.rs",
                            "sources/.gitignore",
                            "sources/Cargo.toml",
                            "sources/clarify.toml",
                            "sources/deny.toml",
                            "sources/hello-agent/Cargo.toml",
                            "sources/hello-agent/src/main.rs",
                            "variants/build.rs",
                            "variants/example-dev/Cargo.toml",
                            "variants/variants.rs");
            assertThat(read("packages/hello-agent/Cargo.toml")).contains("source-groups = [\"hello-agent\"]\n");
            assertThat(read("sources/Cargo.toml")).contains("members = [\n    \"hello-agent\",\n]\n");
            assertThat(project.spec().packages())
                    .singleElement()
                    .returns(Recipe.SPEC, PackageSpec::recipe)
                    .returns(List.of("hello-agent"), PackageSpec::sourceGroups);
        }

        @Test
        void of_the_spec_template_says_that_it_needs_an_engine_with_an_sdk() {
            Project project = create(Template.SPEC);

            assertThatThrownBy(() -> project.plan(b -> b.variant("example-dev").arch(Arch.X86_64)))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.hint()).get().asString().contains("SDK"))
                    .hasMessageContaining("package 'hello-agent' cannot be built")
                    .hasMessageContaining("does not build spec packages");
        }

        @ParameterizedTest
        @EnumSource
        void is_the_same_each_time(Template template) throws IOException {
            Map<String, String> first = tree(create(template).directory());
            Files.move(temp.resolve("new"), temp.resolve("old"));

            assertThat(tree(create(template).directory())).isEqualTo(first);
        }

        @Test
        void leaves_nothing_behind_when_a_name_is_wrong_or_a_file_in_the_way() throws IOException {
            assertThatThrownBy(() -> Twoliter.create(
                            temp.resolve("new"),
                            NewProject.builder("x").variant("example").build()))
                    .isInstanceOf(InvalidProjectException.class)
                    .hasMessageContaining("PLATFORM-RUNTIME");
            assertThat(temp.resolve("new")).doesNotExist();

            Files.createDirectories(temp.resolve("new/sources/hello-agent"));
            Files.writeString(temp.resolve("new/sources/deny.toml"), "mine");
            assertThatThrownBy(() -> create(Template.SPEC))
                    .isInstanceOf(InvalidProjectException.class)
                    .hasMessageContaining("deny.toml: this file exists already");
            assertThat(tree(temp.resolve("new")))
                    .containsOnlyKeys("/", "sources/", "sources/hello-agent/", "sources/deny.toml");
        }

        @Peer("cargo")
        @Test
        void is_accepted_by_cargo() throws IOException {
            Project project = create(Template.SPEC)
                    .addPackage(Twoliter.newPackage("second-1.0", Template.SPEC), "hello-dev-kit")
                    .addKit(KitSpec.builder("other-kit").packages("second-1.0").build());

            assertThat(cargo(project.directory(), "metadata", "--format-version", "1"))
                    .contains("\"name\":\"hello-agent\"", "\"name\":\"second-1_0\"", "\"name\":\"other-kit\"")
                    .contains("\"name\":\"example-dev\"", "custom-build");
            assertThat(cargo(project.directory().resolve("sources"), "metadata", "--format-version", "1"))
                    .contains("sources/hello-agent", "sources/second-1.0");
        }

        @Peer({"cargo", "rustc", "cc"})
        @Test
        void has_a_program_that_compiles_and_passes_its_test() throws IOException {
            Project project = create(Template.SPEC);

            assertThat(cargo(
                            project.directory().resolve("sources"),
                            "test",
                            "--target-dir",
                            temp.resolve("target").toString()))
                    .contains("1 passed");
        }

        private String cargo(Path directory, String command, String... options) {
            return Command.runIn(
                            directory,
                            Map.of(),
                            Stream.concat(Stream.of("cargo", command, "--offline"), Stream.of(options))
                                    .toArray())
                    .succeeded();
        }

        @Peer("rpmspec")
        @Test
        void has_a_spec_file_that_rpm_parses() {
            Path spec = create(Template.SPEC).directory().resolve("packages/hello-agent/hello-agent.spec");
            Object[] macros = Stream.of(
                            "_cross_os bottlerocket-",
                            "_cross_bindir /x86_64-bottlerocket-linux-gnu/sys-root/usr/bin",
                            "_cross_unitdir /x86_64-bottlerocket-linux-gnu/sys-root/usr/lib/systemd/system",
                            "__cargo_outdir /home/builder/.cache/release",
                            "cargo_prep mkdir -p .cargo",
                            "cargo_build cargo build --release")
                    .flatMap(macro -> Stream.of("--define", macro))
                    .toArray();

            assertThat(rpmspec(spec, macros, "-q", "--queryformat", "%{NAME} %{VERSION} %{LICENSE}\\n"))
                    .isEqualTo("bottlerocket-hello-agent 0.1.0 Apache-2.0 OR MIT\n");
            assertThat(rpmspec(spec, macros, "-P"))
                    .contains("cargo build --release --manifest-path", "-p hello-agent", "/usr/bin/hello-agent\n")
                    .doesNotContain("%{", "%cargo");
        }

        private String rpmspec(Path spec, Object[] macros, String... options) {
            return Command.output(Stream.of(new Object[] {"rpmspec"}, options, macros, new Object[] {spec})
                    .flatMap(Stream::of)
                    .toArray());
        }
    }

    @Nested
    class adding {

        @Test
        void a_package_puts_it_into_the_workspace_and_its_kits() throws IOException {
            Project project = create(Template.DECLARATIVE);
            String kit = read("kits/hello-dev-kit/Cargo.toml");

            Project now = project.addPackage(motd(), "hello-dev-kit");

            assertThat(now.spec().packages()).contains(motd());
            assertThat(now.warnings()).isEmpty();
            assertThat(now.spec().kits().get(0).packages()).containsExactly("hello-agent", "motd-1.0");
            assertThat(read("kits/hello-dev-kit/Cargo.toml"))
                    .isEqualTo(kit + "motd-1_0 = { path = \"../../packages/motd-1.0\" }\n");
            assertThat(read("Cargo.toml")).endsWith("""
                            members = [
                                "packages/hello-agent",
                                "packages/motd-1.0",
                                "kits/hello-dev-kit",
                                "variants/example-dev",
                            ]
                            """);
            assertThat(read("packages/motd-1.0/motd")).isEqualTo("welcome\n");
        }

        @Test
        void a_kit_and_a_variant_makes_a_variant_that_builds() {
            Project project = create(Template.DECLARATIVE)
                    .addPackage(Twoliter.newPackage("second", Template.DECLARATIVE))
                    .addKit(KitSpec.builder("second-kit").packages("second").build());
            Project now = project.addVariant(VariantSpec.builder("metal-second")
                    .everythingIn(project.spec())
                    .with(dev.twoliter.api.ImageFeature.EROFS_ROOT_PARTITION)
                    .build());
            now.updateLock().write();

            assertThat(now.spec().variants().get(1).packages()).containsExactly("hello-agent", "second");
            assertThat(now.spec().kits().get(1).vendor()).isEqualTo("local");
            assertThat(now.plan(b -> b.variant("metal-second").arch(Arch.AARCH64))
                            .run()
                            .images())
                    .isNotEmpty();
        }

        @Test
        void to_a_project_that_has_none_of_its_kind_writes_the_build_scripts() throws IOException {
            Project project = Twoliter.create(
                    temp.resolve("new"),
                    ProjectSpec.builder()
                            .releaseVersion("1.0.0")
                            .vendor("acme", "registry.example/os")
                            .build());

            project.addPackage(motd())
                    .addKit(KitSpec.builder("base-kit").packages("motd-1.0").build())
                    .addVariant(VariantSpec.builder("metal-demo")
                            .kits("base-kit")
                            .packages("motd-1.0")
                            .build());

            assertThat(tree(temp.resolve("new")))
                    .containsKeys(
                            "packages/build.rs",
                            "packages/packages.rs",
                            "kits/build.rs",
                            "kits/kit.rs",
                            "variants/build.rs",
                            "variants/variants.rs");
            assertThat(read("Cargo.toml"))
                    .endsWith("members = [\"packages/motd-1.0\", \"kits/base-kit\", \"variants/metal-demo\"]\n");
        }

        @Test
        void keeps_comments_and_layout_and_what_covers_it_already() throws IOException {
            Project project = create(Template.SPEC);
            String workspace =
                    "# mine\r\n[workspace] # here\r\nmembers = [\"packages/*\", './kits/*', \"variants/*\"]\r\n";
            String kit = "# mine\r\n" + read("kits/hello-dev-kit/Cargo.toml").replace("\n", "\r\n")
                    + "\r\n[profile.dev] # end";
            String sources = "[workspace]\nmembers = [\n  \"hello-agent\", # first\n]\n";
            Files.writeString(temp.resolve("new/Cargo.toml"), workspace);
            Files.writeString(temp.resolve("new/kits/hello-dev-kit/Cargo.toml"), kit);
            Files.writeString(temp.resolve("new/sources/Cargo.toml"), sources);
            Files.writeString(temp.resolve("new/sources/deny.toml"), "# mine\n");

            project.addPackage(Twoliter.newPackage("second", Template.SPEC), "hello-dev-kit");

            assertThat(read("Cargo.toml")).isEqualTo(workspace);
            assertThat(read("kits/hello-dev-kit/Cargo.toml"))
                    .isEqualTo(kit.replace(
                            "packages/hello-agent\" }\r\n",
                            "packages/hello-agent\" }\r\nsecond = { path = \"../../packages/second\" }\r\n"));
            assertThat(read("sources/Cargo.toml"))
                    .isEqualTo("[workspace]\nmembers = [\n  \"hello-agent\", # first\n  \"second\",\n]\n");
            assertThat(read("sources/deny.toml")).isEqualTo("# mine\n");
            assertThat(read("sources/second/src/main.rs")).contains("fn main()");
        }

        @Test
        void keeps_the_permissions_of_what_it_edits_and_follows_links() throws IOException {
            Project project = create(Template.DECLARATIVE);
            Path real = Files.move(temp.resolve("new/Cargo.toml"), temp.resolve("real.toml"));
            Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-rw-r--"));
            Files.createSymbolicLink(temp.resolve("new/Cargo.toml"), real);

            project.addPackage(motd());

            assertThat(temp.resolve("new/Cargo.toml")).isSymbolicLink();
            assertThat(real).content().contains("packages/motd-1.0");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                    .isEqualTo("rw-rw-r--");
        }

        @Test
        void knows_the_deprecated_place_of_the_workspace_and_needs_none() throws IOException {
            Project project = create(Template.DECLARATIVE);
            Files.delete(temp.resolve("new/Cargo.toml"));
            project.addPackage(motd(), "hello-dev-kit");
            Files.writeString(temp.resolve("new/variants/Cargo.toml"), "[workspace]\nmembers = [\"example-dev\"]\n");

            Twoliter.open(project.directory())
                    .addKit(KitSpec.builder("base-kit").build())
                    .addVariant(VariantSpec.builder("metal-demo")
                            .kits("base-kit")
                            .packages("motd-1.0")
                            .build());

            assertThat(read("variants/Cargo.toml"))
                    .isEqualTo("[workspace]\nmembers = [\"example-dev\", \"metal-demo\"]\n");
            assertThat(temp.resolve("new/Cargo.toml")).doesNotExist();
        }

        @Test
        void a_workspace_without_members_says_what_to_write_and_changes_nothing() throws IOException {
            Project project = create(Template.DECLARATIVE);
            Files.writeString(temp.resolve("new/Cargo.toml"), "[workspace]\nresolver = \"2\"\n");
            Map<String, String> before = tree(temp.resolve("new"));

            assertThatThrownBy(() -> project.addPackage(motd(), "hello-dev-kit"))
                    .isInstanceOf(InvalidProjectException.class)
                    .hasMessage("Cargo.toml: workspace.members: this is written so that it cannot be edited safely"
                            + " (put this there by hand: \"packages/motd-1.0\" in the array workspace.members)");
            assertThat(tree(temp.resolve("new"))).isEqualTo(before);
        }

        @Test
        void what_is_there_already_or_wrong_is_refused_and_changes_nothing() throws IOException {
            Project project = create(Template.DECLARATIVE);
            Map<String, String> before = tree(temp.resolve("new"));

            assertThatThrownBy(() -> project.addPackage(Twoliter.newPackage("hello-agent", Template.SPEC)))
                    .hasMessageContaining("packages/hello-agent exists already")
                    .hasMessageContaining("choose another name");
            assertThatThrownBy(
                            () -> project.addKit(KitSpec.builder("hello-agent").build()))
                    .hasMessageContaining("the Cargo name 'hello-agent' is that of package 'hello-agent' too");
            assertThatThrownBy(() -> project.addPackage(motd(), "hello-dev-kid"))
                    .hasMessageContaining("there is no kit 'hello-dev-kid' in this project")
                    .hasMessageContaining("hello-dev-kit");
            assertThatThrownBy(() -> project.addKit(
                            KitSpec.builder("x-kit").packages("absent").build()))
                    .hasMessageContaining("there is no package or kit 'absent'");
            assertThatThrownBy(() -> Twoliter.newPackage("../evil", Template.SPEC))
                    .isInstanceOf(InvalidProjectException.class)
                    .hasMessageContaining("'../evil' is not allowed here");
            assertThat(tree(temp.resolve("new"))).isEqualTo(before);
        }

        @Test
        void a_kit_of_a_project_with_several_vendors_needs_one_of_them() throws IOException {
            Project project = create(Template.DECLARATIVE);
            Files.writeString(
                    temp.resolve("new/Twoliter.toml"),
                    read("Twoliter.toml") + "\n[vendor.acme]\nregistry = \"registry.example/os\"\n");
            Project now = Twoliter.open(project.directory());

            assertThatThrownBy(() -> now.addKit(KitSpec.builder("x-kit").build()))
                    .isInstanceOf(InvalidProjectException.class)
                    .hasMessageContaining("vendor is missing")
                    .hasMessageContaining("name one of local, acme");
            assertThat(now.addKit(KitSpec.builder("x-kit").vendor("acme").build())
                            .spec()
                            .kits())
                    .extracting(KitSpec::vendor)
                    .contains("acme");
        }

        @Test
        void when_the_last_file_cannot_be_written_everything_is_as_it_was() throws IOException {
            Project project = create(Template.DECLARATIVE);
            Path kit = temp.resolve("new/kits/hello-dev-kit/Cargo.toml");
            Map<String, String> before = tree(temp.resolve("new"));
            FileChanges changes = new FileChanges()
                    .create(temp.resolve("new/deep/down/file"), new byte[] {1})
                    .replace(
                            temp.resolve("new/Cargo.toml"),
                            Files.readAllBytes(temp.resolve("new/Cargo.toml")),
                            new byte[0])
                    .replace(kit, "what it does not hold".getBytes(StandardCharsets.UTF_8), new byte[0]);

            assertThatThrownBy(changes::write)
                    .isInstanceOf(InvalidProjectException.class)
                    .hasMessageContaining(kit.toString())
                    .hasMessageContaining("has changed since it was read");
            assertThat(tree(temp.resolve("new"))).isEqualTo(before);

            Files.delete(kit);
            Files.createDirectory(kit);
            assertThatThrownBy(() -> project.addPackage(motd(), "hello-dev-kit"))
                    .isInstanceOf(StorageException.class);
            assertThat(temp.resolve("new/packages/motd-1.0")).doesNotExist();
        }

        @Test
        void what_does_not_read_back_is_not_kept() throws IOException {
            Project project = create(Template.DECLARATIVE);
            Files.writeString(
                    temp.resolve("new/kits/hello-dev-kit/Cargo.toml"), read("kits/hello-dev-kit/Cargo.toml") + "bad");
            Map<String, String> before = tree(temp.resolve("new"));

            assertThatThrownBy(() -> project.addPackage(motd())).isInstanceOf(InvalidProjectException.class);
            assertThat(tree(temp.resolve("new"))).isEqualTo(before);
        }
    }
}
