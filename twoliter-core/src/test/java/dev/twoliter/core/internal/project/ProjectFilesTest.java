package dev.twoliter.core.internal.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.api.Dialect;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Recipe;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.TrustPolicy;
import dev.twoliter.api.TrustSpec;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectFilesTest {

    private static final String MINIMAL = """
            schema-version = 2
            release-version = "0.3.0"
            project-vendor = "Nord Systems"

            [vendor.nord]
            registry = "images.nord.example/base"

            [sdk]
            name = "nord-sdk"
            version = "0.9.0"
            vendor = "nord"

            [[kit]]
            name = "core-kit"
            version = "2.1.0"
            vendor = "nord"
            """;

    @TempDir
    Path temp;

    private Path write(String name, String text) throws IOException {
        Path file = temp.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, text);
    }

    private ProjectModel read() {
        return ProjectFiles.read(temp.resolve("Twoliter.toml"));
    }

    private ProjectModel read(String twoliterToml) throws IOException {
        return ProjectFiles.read(write("Twoliter.toml", twoliterToml));
    }

    /** The problems, one a line, as a user sees them. */
    private String problems() {
        return String.valueOf(
                catchThrowableOfType(InvalidProjectException.class, this::read).getMessage());
    }

    private void manifest(String kindAndName, String crate, String table, String rest) throws IOException {
        write(
                kindAndName + "/Cargo.toml",
                "[package]\nname = \"" + crate + "\"\n" + "[package.metadata." + table + "]\n" + rest);
    }

    private static ProjectSpec demo() {
        return ProjectSpec.builder()
                .releaseVersion("0.3.0")
                .projectVendor("Nord Systems")
                .vendor("nord", "images.nord.example/base")
                .sdk("nord-sdk", "0.9.0", "nord")
                .dependsOnKit("core-kit", "2.1.0", "nord")
                .addPackage(
                        "hello-2.0",
                        p -> p.version("2.0")
                                .summary("Says hello")
                                .license("MIT")
                                .script("/usr/bin/hello", "#!/bin/sh\necho hello\n"))
                .addKit("app-kit", k -> k.packages("hello-2.0"))
                .addVariant(
                        "metal-demo", v -> v.kits("app-kit", "nord/core-kit").packages("hello-2.0"))
                .build();
    }

    @Test
    void what_is_created_reads_back_equal_for_any_specification() throws IOException {
        RandomSpecs specs = new RandomSpecs(42);
        for (int i = 0; i < 200; i++) {
            ProjectSpec spec = specs.next();
            Path project = temp.resolve("p" + i);
            for (TrustSpec trust : spec.trust().values()) {
                for (String key : trust.imageKeys()) {
                    write("p" + i + "/" + key, "");
                }
                for (String key : trust.rpmKeys()) {
                    write("p" + i + "/" + key, "");
                }
            }
            ProjectFiles.create(project, spec);
            assertThat(ProjectFiles.read(ProjectFiles.find(project)).spec())
                    .as("project %d", i)
                    .isEqualTo(spec);
        }
    }

    @Test
    void twoliter_toml_is_written_as_people_write_it() throws IOException {
        ProjectFiles.create(temp.resolve("new"), demo());
        assertThat(temp.resolve("new/Twoliter.toml")).hasContent(MINIMAL);
        assertThat(temp.resolve("new/packages/hello-2.0/Cargo.toml")).hasContent("""
                [package]
                name = "hello-2_0"
                version = "0.1.0"
                edition = "2021"
                publish = false
                build = "../build.rs"

                [lib]
                path = "../packages.rs"

                [package.metadata.build-package]
                package-name = "hello-2.0"
                recipe = "declarative"
                """);
        assertThat(temp.resolve("new/packages/hello-2.0/package.toml")).hasContent("""
                name = "hello-2.0"
                version = "2.0"
                release = "1"
                summary = "Says hello"
                license = "MIT"

                [[contents]]
                src = "hello"
                dst = "/usr/bin/hello"
                [contents.file_info]
                mode = 0o755
                """);
        assertThat(temp.resolve("new/kits/app-kit/Cargo.toml"))
                .content()
                .endsWith("[build-dependencies]\nhello-2_0 = { path = \"../../packages/hello-2.0\" }\n");
        assertThat(temp.resolve("new/packages/hello-2.0/hello")).hasContent("#!/bin/sh\necho hello\n");
    }

    @Test
    void creating_twice_writes_the_same_bytes() throws IOException {
        ProjectFiles.create(temp.resolve("a"), demo());
        ProjectFiles.create(temp.resolve("b"), demo());
        assertThat(tree(temp.resolve("a"))).isEqualTo(tree(temp.resolve("b"))).hasSizeGreaterThan(12);
    }

    private static TreeMap<String, String> tree(Path root) throws IOException {
        TreeMap<String, String> files = new TreeMap<>();
        try (var walk = Files.walk(root)) {
            for (Path p : walk.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(p).toString(), Files.readString(p));
            }
        }
        return files;
    }

    @Peer("cargo")
    @Test
    void cargo_accepts_the_workspace_and_finds_its_build_scripts() {
        ProjectFiles.create(temp.resolve("new"), demo());
        String output = Command.runIn(
                        temp.resolve("new"), Map.of(), "cargo", "metadata", "--offline", "--format-version", "1")
                .succeeded();
        assertThat(output).contains("\"name\":\"hello-2_0\"").contains("custom-build");
    }

    @Test
    void a_project_is_never_written_over_another() throws IOException {
        write("Twoliter.toml", "mine");
        assertThatThrownBy(() -> ProjectFiles.create(temp, demo()))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("Twoliter.toml")
                .hasMessageContaining("already");
        assertThat(tree(temp)).containsOnlyKeys("Twoliter.toml");
    }

    @Test
    void a_gitignore_that_is_there_already_is_kept() throws IOException {
        write(".gitignore", "mine\n");
        ProjectFiles.create(temp, demo());
        assertThat(temp.resolve(".gitignore")).hasContent("mine\n");
    }

    @Test
    void when_writing_fails_nothing_is_left() throws IOException {
        write("variants", "a file where a directory must be");
        assertThatThrownBy(() -> ProjectFiles.create(temp, demo())).isInstanceOf(StorageException.class);
        assertThat(tree(temp)).containsOnlyKeys("variants");
        assertThat(temp.resolve("packages")).doesNotExist();
    }

    @Test
    void a_source_cannot_replace_the_manifest() {
        ProjectSpec spec = demo().toBuilder()
                .addPackage("other", p -> p.spec().source("Cargo.toml", new byte[0]))
                .build();
        assertThatThrownBy(() -> ProjectFiles.create(temp.resolve("x"), spec))
                .hasMessageContaining("a source may not be called 'Cargo.toml'");
        assertThat(temp.resolve("x")).doesNotExist();
    }

    @Test
    void the_project_is_found_from_below_by_its_real_path() throws IOException {
        Path file = write("real/Twoliter.toml", MINIMAL).toRealPath();
        Path deep = Files.createDirectories(temp.resolve("real/packages/x/y"));
        Files.createDirectories(deep.resolve("Twoliter.toml"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), deep);
        assertThat(ProjectFiles.find(deep)).isEqualTo(file);
        assertThat(ProjectFiles.find(link)).isEqualTo(file);
        Path other = write("real/other.toml", MINIMAL);
        assertThat(ProjectFiles.find(other)).isEqualTo(other.toRealPath());
        assertThat(ProjectFiles.read(ProjectFiles.find(other)).directory())
                .isEqualTo(temp.resolve("real").toRealPath());
        assertThatThrownBy(() -> ProjectFiles.find(temp))
                .hasMessageContaining("there is no Twoliter.toml in")
                .hasMessageContaining("twoliter new project");
        assertThatThrownBy(() -> ProjectFiles.find(temp.resolve("absent")))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("absent");
    }

    @Test
    void the_three_dialects_are_told_apart() throws IOException {
        assertThat(read(MINIMAL).spec().dialect()).isEqualTo(Dialect.SCHEMA_2);
        ProjectSpec first =
                read("schema-version = 1\nrelease-version = \"1.0.0\"\n").spec();
        assertThat(first.dialect()).isEqualTo(Dialect.SCHEMA_1);
        assertThat(first.projectVendor()).isEqualTo("Bottlerocket");
        ProjectSpec design = read("schema-version = 1\nproject-name = \"mine\"\nproject-version = \"1.0.0\"\n")
                .spec();
        assertThat(design.dialect()).isEqualTo(Dialect.DESIGN);
        assertThat(design.name()).contains("mine");
        assertThat(design.releaseVersion()).hasToString("1.0.0");
    }

    @Test
    void carriage_returns_and_a_byte_order_mark_change_nothing() throws IOException {
        ProjectSpec plain = read(MINIMAL).spec();
        assertThat(read("\uFEFF" + MINIMAL.replace("\n", "\r\n")).spec()).isEqualTo(plain);
    }

    @Test
    void every_problem_of_twoliter_toml_is_reported_at_its_place() throws IOException {
        write(
                "Twoliter.toml",
                MINIMAL.replace("release-version", "relase-version")
                        .replace("version = \"2.1.0\"", "  version = \"v2.1\"")
                        .replace("vendor = \"nord\"\n\n[[kit]]", "vendor = \"nrod\"\nnote = 1\n\n[[kit]]"));
        assertThat(problems().lines())
                .anySatisfy(l -> assertThat(l)
                        .isEqualTo("Twoliter.toml:2:1: relase-version: there is no key 'relase-version' here (did you"
                                + " mean 'release-version'?)"))
                .anySatisfy(
                        l -> assertThat(l).startsWith("Twoliter.toml:11:1: sdk.vendor: SDK 'nord-sdk': vendor 'nrod'"))
                .anySatisfy(l -> assertThat(l).startsWith("Twoliter.toml:12:1: sdk.note: the key 'note' means nothing"))
                .anySatisfy(l -> assertThat(l)
                        .startsWith("Twoliter.toml:16:3: kit[0].version: 'v2.1' is neither a version")
                        .endsWith("(leave out the 'v')"))
                .hasSize(4);
    }

    @Test
    void dialects_do_not_mix() throws IOException {
        write("Twoliter.toml", "schema-version = 1\nrelease-version = \"1.0.0\"\nproject-vendor = \"x\"\n");
        assertThat(problems()).startsWith("Twoliter.toml:3:1: project-vendor: only schema 2");
        write("Twoliter.toml", "schema-version = 2\nrelease-version = \"1.0.0\"\n");
        assertThat(problems()).contains("project-vendor").contains("missing");
        write("Twoliter.toml", "schema-version = 4294967295\nrelease-version = \"1.0.0\"\n");
        assertThat(problems()).startsWith("Twoliter.toml:1:1: schema-version: this file has the schema 4294967295");
        write("Twoliter.toml", "project-version = \"1.0.0\"\nrelease-version = \"1.0.1\"\n");
        assertThat(problems()).startsWith("Twoliter.toml:1:1: project-version: project-version is 1.0.0, but");
        write("Twoliter.toml", "release-version = \"1.0.0\"\n");
        assertThat(problems()).contains("'schema-version' is missing");
    }

    @Test
    void override_and_trust_are_read_beside_it() throws IOException {
        write("Twoliter.override", "[nord.core-kit]\nregistry = \"localhost:5000\"\nname = \"me/test\"\n[x.y]\n");
        write("Twoliter.trust", "[vendor.nord]\nimage-keys = [\"keys/n.pub\"]\n");
        write("keys/n.pub", "");
        ProjectSpec spec = read(MINIMAL).spec();
        assertThat(spec.overrides()).hasSize(2);
        assertThat(spec.overrides().get(0).nameOrNull()).isEqualTo("me/test");
        assertThat(Objects.requireNonNull(spec.trust().get("nord")).policy()).isEqualTo(TrustPolicy.REQUIRE);

        write("Twoliter.override", "registry = \"x\"\n");
        write("Twoliter.trust", "[vendor.nord]\nimage-key = [\"keys/n.pub\"]\n[vendor.nobody]\n");
        assertThat(problems())
                .contains("Twoliter.override:1:1: registry: this must be a table")
                .contains("Twoliter.trust:2:1: vendor.nord.image-key: there is no key 'image-key' here (did you mean"
                        + " 'image-keys'?)")
                .contains("Twoliter.trust:3:9: vendor.nobody: vendor 'nobody' is not defined");
    }

    @Test
    void release_toml_must_agree() throws IOException {
        write("Release.toml", "version = \"0.3.0\"\n");
        assertThat(read(MINIMAL).warnings()).extracting(Problem::file).containsExactly("Release.toml");
        write("Release.toml", "version = \"0.4.0\"\n");
        assertThat(problems())
                .contains("Release.toml:1:1: version: the version is 0.4.0, but")
                .contains("0.3.0");
    }

    @Test
    void a_graph_of_packages_kits_and_variants_is_read() throws IOException {
        write("Twoliter.toml", MINIMAL);
        String core = "[build-dependencies]\ncore-kit = { path = \"../../kits/core-kit\" }\n";
        manifest("packages/pkg-a-1.27", "pkg-a-1_27", "build-package", "package-name = \"pkg-a-1.27\"\n");
        manifest("packages/pkg-f", "pkg-f", "build-package", core);
        manifest(
                "packages/pkg-g", "pkg-g", "build-package", core + "[dependencies]\npkg-f = { path = \"../pkg-f\" }\n");
        for (String name : List.of("pkg-a-1.27", "pkg-f", "pkg-g")) {
            write("packages/" + name + "/" + name + ".spec", "");
        }
        manifest(
                "kits/core-kit",
                "core-kit",
                "build-kit",
                "vendor = \"nord\"\nincluded-packages = []\n[build-dependencies]\n"
                        + "pkg-a-1_27 = { path = \"../../packages/pkg-a-1.27\" }\n");
        manifest(
                "kits/extra-kit",
                "extra-kit",
                "build-kit",
                "vendor = \"nord\"\n[build-dependencies]\n"
                        + "renamed = { package = \"pkg-g\", path = \"../../packages/pkg-g\" }\n"
                        + "core-kit = { path = \"../core-kit\" }\nserde = \"1\"\n");
        manifest(
                "variants/hello-ootb",
                "hello-ootb",
                "build-variant",
                "[build-dependencies]\nextra-kit = { path = \"../../kits/extra-kit\" }\n");
        write("variants/shared/defaults.toml", "");
        ProjectModel model = read();
        ProjectSpec spec = model.spec();
        assertThat(spec.packages()).extracting(PackageSpec::name).containsExactly("pkg-a-1.27", "pkg-f", "pkg-g");
        assertThat(spec.packages().get(2).buildDependencies()).containsExactly("core-kit");
        assertThat(spec.packages().get(2).dependencies()).containsExactly("pkg-f");
        assertThat(spec.packages().get(2).recipe()).isEqualTo(Recipe.SPEC);
        assertThat(spec.kits().get(0).packages()).containsExactly("pkg-a-1.27");
        assertThat(spec.kits().get(1).packages()).containsExactly("pkg-g");
        assertThat(spec.kits().get(1).kits()).containsExactly("core-kit");
        assertThat(spec.variants().get(0).buildDependencies()).containsExactly("extra-kit");
        assertThat(model.warnings())
                .extracting(Problem::keyPath)
                .containsExactly("package.metadata.build-kit.included-packages", "build-dependencies.serde");
    }

    @Test
    void problems_of_all_manifests_are_reported_together() throws IOException {
        write("Twoliter.toml", MINIMAL);
        manifest("packages/a", "a", "build-package", "variant-sensitive = true\nrecipe = \"declartive\"\n");
        write("packages/a/a.spec", "");
        manifest(
                "packages/b",
                "b",
                "build-package",
                "[[package.metadata.build-package.external-files]]\nurl = \"x\"\nsha512 = \"AB\"\n");
        write(
                "packages/c/package.toml",
                "version = \"1 0\"\nsummary = \"s\"\nlicense = \"MIT OR\"\n\n[[contents]]\nsrc = \"../x\"\n"
                        + "dst = \"/y\"\ntype = \"fil\"\nfile_info.mode = 0o77777\n[scripts]\n");
        manifest(
                "kits/k",
                "k",
                "build-kit",
                "vendor = \"nord\"\n[build-dependencies]\naa = { path = \"../../packages/aa\" }\n");
        manifest(
                "variants/metal-x",
                "metal-x",
                "build-variant",
                "image-format = \"RAW\"\nkits = [\"kk\"]\n"
                        + "image-features.fipz = true\n[package.metadata.build-variant.image-layout]\nos-image-size-gib = 0\n");
        write("variants/broken/Cargo.toml", "[package\n");
        assertThat(problems().lines().map(l -> l.replaceAll("^([^ ]*:\\d+:\\d+: [^ ]*|[^ ]*) .*", "$1")))
                .contains(
                        "packages/a/Cargo.toml:4:1: package.metadata.build-package.variant-sensitive:",
                        "packages/a/Cargo.toml:5:1: package.metadata.build-package.recipe:",
                        "packages/b/Cargo.toml:5:1: package.metadata.build-package.external-files[0].url:",
                        "packages/b/Cargo.toml:6:1: package.metadata.build-package.external-files[0].sha512:",
                        "packages/b/package.toml:",
                        "packages/c/package.toml:1:1: version:",
                        "packages/c/package.toml:3:1: license:",
                        "packages/c/package.toml:6:1: contents[0].src:",
                        "packages/c/package.toml:8:1: contents[0].type:",
                        "packages/c/package.toml:9:11: contents[0].file_info.mode:",
                        "packages/c/package.toml:10:2: scripts:",
                        "kits/k/Cargo.toml:6:1: build-dependencies.aa:",
                        "variants/metal-x/Cargo.toml:4:1: package.metadata.build-variant.image-format:",
                        "variants/metal-x/Cargo.toml:5:9: package.metadata.build-variant.kits[0]:",
                        "variants/metal-x/Cargo.toml:6:16: package.metadata.build-variant.image-features.fipz:",
                        "variants/metal-x/Cargo.toml:8:1: package.metadata.build-variant.image-layout.os-image-size-gib:")
                .anySatisfy(l -> assertThat(l).startsWith("variants/broken/Cargo.toml:1:"));
        assertThat(problems())
                .contains("did you mean 'fips'?")
                .contains("did you mean 'declarative'?")
                .contains("did you mean '../../packages/a'?");
    }

    @Test
    void the_directory_of_a_package_has_its_name() throws IOException {
        write("Twoliter.toml", MINIMAL);
        manifest("packages/hello-2.0", "hello-2_0", "build-package", "");
        write("packages/hello-2.0/hello-2.0.spec", "");
        assertThat(problems()).contains("packages/hello-2.0/Cargo.toml").contains("add package-name = \"hello-2.0\"");
    }

    @Test
    void a_mode_without_its_octal_mark_is_warned_of() throws IOException {
        write(
                "packages/c/package.toml",
                "version = \"1\"\nsummary = \"s\"\nlicense = \"MIT\"\n[[contents]]\nsrc = \"x\"\n"
                        + "dst = \"/y\"\nfile_info.mode = 755\n");
        assertThat(read(MINIMAL).warnings()).singleElement().satisfies(w -> {
            assertThat(w.line()).isEqualTo(7);
            assertThat(w.hint()).isEqualTo("write 0o755");
        });
    }

    @Test
    void hostile_files_end_in_typed_errors() throws IOException {
        byte[] good = (MINIMAL + "# é\n").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < good.length; i++) {
            byte[] flipped = good.clone();
            flipped[i] ^= (byte) 0x95;
            for (byte[] bytes : List.of(Arrays.copyOf(good, i), flipped)) {
                Files.write(temp.resolve("Twoliter.toml"), bytes);
                try {
                    assertThat(read().spec().kits()).isEmpty();
                } catch (TwoliterException e) {
                    assertThat(e).hasMessageContaining("Twoliter.toml");
                }
            }
        }
        for (String text : List.of(
                "a=" + "[".repeat(100_000),
                "a=[" + "1,".repeat(250_000) + "]",
                "a=" + "{a=".repeat(100_000),
                "a" + ".a".repeat(100_000) + "=1",
                "#".repeat((1 << 20) + 1))) {
            write("Twoliter.toml", text);
            assertThat(problems()).startsWith("Twoliter.toml");
        }
    }

    @Test
    void hostile_manifests_end_in_typed_errors() throws IOException {
        write("Twoliter.toml", MINIMAL);
        String declaration = "version = \"1\"\nsummary = \"\"\"\ns\"\"\"\nlicense = 'MIT'\nepoch = 0x1_0\n"
                + "requires = [\"a\", '(b if c)',]\n[[contents]]\nsrc = \"\\u0061\"\ndst = \"/y\"\n"
                + "file_info = { mode = 0o755 }\n#\n";
        String cargo = "[package]\nname = \"c\"\n[package.metadata.build-package]\npackage-name = \"c\"\n"
                + "x = [1979-05-27T07:32:00Z, 07:32:00, 6.5e+2, -inf, true]\n[build-dependencies]\nd.path = \"../d\"\n";
        write("packages/d/package.toml", declaration);
        for (int mask : new int[] {0x01, 0x1C, 0x95}) {
            tryEveryByte("packages/c/package.toml", declaration, mask, "packages/c/Cargo.toml", cargo);
            tryEveryByte("packages/c/Cargo.toml", cargo, mask, "packages/c/package.toml", declaration);
        }
        write("packages/c/Cargo.toml", cargo.replace("name = \"c\"", "name = \"..\\u0000/[0\""));
        assertThat(problems()).contains("rename the directory");
    }

    private void tryEveryByte(String file, String text, int mask, String other, String otherText) throws IOException {
        write(other, otherText);
        Files.createDirectories(temp.resolve("packages/c"));
        byte[] good = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < good.length; i++) {
            byte[] flipped = good.clone();
            flipped[i] ^= (byte) mask;
            for (byte[] bytes : List.of(Arrays.copyOf(good, i), flipped)) {
                Files.write(temp.resolve(file), bytes);
                try {
                    assertThat(read().spec().packages()).hasSize(2);
                } catch (TwoliterException e) {
                    assertThat(e).hasMessageContaining("packages/");
                }
            }
        }
    }
}
