package dev.twoliter.core.internal.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.api.EifKernelFormat;
import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.ImageLayout;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.PartitionSpec;
import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Subject;
import dev.twoliter.api.TrustPolicy;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.VariantAttribute;
import dev.twoliter.api.VariantSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong in the files of a project: where it is said to be, what is said, and that nothing else is said. */
class ReadingTest {

    private static final String PROJECT = """
            schema-version = 2
            release-version = "1.0.0"
            project-vendor = "Nord"

            [vendor.nord]
            registry = "images.nord.example/base"
            """;

    @TempDir
    Path temp;

    @BeforeEach
    void start() throws IOException {
        write("Twoliter.toml", PROJECT);
    }

    private Path write(String name, String text) throws IOException {
        Path file = temp.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, text);
    }

    private ProjectModel read() {
        return ProjectFiles.read(temp.resolve("Twoliter.toml"));
    }

    private List<String> warnings() {
        return read().warnings().stream().map(Problem::toString).toList();
    }

    private List<String> problems() {
        InvalidProjectException e = catchThrowableOfType(InvalidProjectException.class, this::read);
        assertThat(e).as("there is a problem").isNotNull();
        return e.problems().stream().map(Problem::toString).toList();
    }

    private void spec(String name, String manifest) throws IOException {
        write("packages/" + name + "/" + name + ".spec", "");
        write(
                "packages/" + name + "/Cargo.toml",
                "[package]\nname = \"" + name + "\"\n[package.metadata.build-package]\n" + manifest);
    }

    private void kit(String name, String manifest) throws IOException {
        write(
                "kits/" + name + "/Cargo.toml",
                "[package]\nname = \"" + name + "\"\n[package.metadata.build-kit]\n" + manifest);
    }

    private void variant(String name, String manifest) throws IOException {
        write(
                "variants/" + name + "/Cargo.toml",
                "[package]\nname = \"" + name + "\"\n[package.metadata.build-variant]\n" + manifest);
    }

    // everything there is to read

    @Test
    void every_key_of_a_package_is_in_the_model() throws IOException {
        String digest = "ab".repeat(64);
        spec("a", """
                source-groups = ["api", "agents/x"]
                releases-url = "https://a.example/releases"
                [[package.metadata.build-package.external-files]]
                url = "https://a.example/a.tar.gz"
                sha512 = "%s"
                path = "b.tar.gz"
                force-upstream = true
                bundle-modules = ["go"]
                bundle-root-path = "a/go"
                bundle-output-path = "c.tar.gz"
                """.formatted(digest));
        PackageSpec a = read().spec().packages().get(0);
        assertThat(a.sourceGroups()).containsExactly("api", "agents/x");
        assertThat(a.releasesUrl()).isEqualTo("https://a.example/releases");
        assertThat(a.externalFiles())
                .containsExactly(new ExternalFile(
                        "https://a.example/a.tar.gz", digest, "b.tar.gz", true, List.of("go"), "a/go", "c.tar.gz"));
        assertThat(read().warnings()).isEmpty();
    }

    @Test
    void every_key_of_a_variant_is_in_the_model() throws IOException {
        variant("metal-guest", "");
        variant("metal-demo", """
                included-packages = ["a", "b"]
                kits = ["other/kit"]
                image-format = "uki"
                kernel-parameters = ["quiet", "x=y"]
                supported-arches = ["aarch64"]
                platform = "iron"
                runtime = "own"
                version = "9"
                flavor = "mild"
                eif-pcie-flags = "0X240"
                eif-kernel-format = "vmlinux"
                guest-images = { metal-guest = "/usr/share/guest" }
                image-layout = { os-image-size-gib = 4, data-image-size-gib = 3, publish-image-size-hint-gib = 9 }
                [package.metadata.build-variant.image-features]
                in-place-updates = false
                encrypted-storage = true
                ephemeral-encryption-keys = true
                [build-dependencies]
                metal-guest.path = "../metal-guest"
                """);
        ProjectModel model = read();
        VariantSpec v = model.spec().variants().get(0);
        assertThat(model.warnings()).isEmpty();
        assertThat(v.packages()).containsExactly("a", "b");
        assertThat(v.kits()).containsExactly("other/kit");
        assertThat(v.imageFormat()).isEqualTo(ImageFormat.UKI);
        assertThat(v.imageLayout()).isEqualTo(new ImageLayout(4, 3, 9, ImageLayout.PartitionPlan.SPLIT));
        assertThat(v.kernelParameters()).containsExactly("quiet", "x=y");
        assertThat(v.platform() + v.runtime() + v.family()).isEqualTo("ironowniron-own");
        assertThat(v.version()).contains("9");
        assertThat(v.flavor()).contains("mild");
        assertThat(v.overrides()).doesNotContainKey(VariantAttribute.FAMILY).hasSize(4);
        assertThat(v.eifPcieFlags()).hasValue(0x240);
        assertThat(v.eifKernelFormat()).contains(EifKernelFormat.VMLINUX);
        assertThat(v.guestImages()).isEqualTo(Map.of("metal-guest", "/usr/share/guest"));
        assertThat(v.buildDependencies()).isEmpty();
        assertThat(v.has(ImageFeature.EPHEMERAL_ENCRYPTION_KEYS)).isTrue();
    }

    @Test
    void a_standalone_image_has_other_defaults() throws IOException {
        variant("aws-a", "image-format = \"eif\"\neif-pcie-flags = 0x241\n");
        variant("aws-b", "image-features.standalone-image = true\n");
        for (VariantSpec v : read().spec().variants()) {
            assertThat(v.imageLayout()).isEqualTo(ImageLayout.STANDALONE);
            assertThat(v.has(ImageFeature.STANDALONE_IMAGE)).isTrue();
            assertThat(v.has(ImageFeature.IN_PLACE_UPDATES)).isFalse();
            assertThat(v.has(ImageFeature.HOST_CONTAINERS)).isFalse();
            assertThat(v.has(ImageFeature.EXTERNAL_KMOD_DEVELOPMENT)).isTrue();
        }
        assertThat(read().spec().variants().get(0).eifPcieFlags()).hasValue(0x241);
    }

    @Test
    void partitions_are_read_in_their_order() throws IOException {
        variant("aws-a", """
                [[package.metadata.build-variant.image-layout.partitions]]
                label = "LOGS"
                size-mib = 256
                filesystem = "ext4"
                [[package.metadata.build-variant.image-layout.partitions]]
                label = "SWAP"
                size-mib = 64
                offset-mib = 5000
                type = "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f"
                disk = "os"
                """);

        assertThat(read().spec().variants().get(0).imageLayout().partitions())
                .containsExactly(
                        PartitionSpec.of("LOGS", 256).ext4(),
                        PartitionSpec.of("SWAP", 64)
                                .atMib(5000)
                                .type(UUID.fromString("0657fd6d-a4ab-43c4-84e5-0933c84b4f4f")));
    }

    @Test
    void problems_of_partitions_have_the_place_of_their_key() throws IOException {
        variant("aws-a", """
                [[package.metadata.build-variant.image-layout.partitions]]
                label = "LOGS"
                size-mib = 0
                [[package.metadata.build-variant.image-layout.partitions]]
                label = "MORE"
                filesystem = "xfs"
                size = 3
                """);

        assertThat(problems())
                .satisfiesExactlyInAnyOrder(
                        one -> assertThat(one).contains("variants/aws-a/Cargo.toml:6:1", "partitions[0].size-mib"),
                        one -> assertThat(one).contains("variants/aws-a/Cargo.toml:7:", "size-mib", "missing"),
                        one -> assertThat(one).contains("variants/aws-a/Cargo.toml:9:", "filesystem", "xfs"),
                        one -> assertThat(one).contains("variants/aws-a/Cargo.toml:10:1", "there is no key 'size'"));
    }

    // variants that contradict themselves

    @Test
    void conflicts_of_features_are_all_told() throws IOException {
        variant("aws-a", """
                image-format = "eif"
                guest-images = { aws-a = "/a:b" }
                [package.metadata.build-variant.image-layout]
                partition-plan = "split"
                [package.metadata.build-variant.image-features]
                xfs-data-partition = true
                uefi-secure-boot = true
                encrypted-storage = true
                ephemeral-encryption-keys = true
                in-place-updates = true
                host-containers = true
                standalone-image = false
                """);
        variant("aws-b", "image-format = \"uki\"\n");
        String at = "variants/aws-a/Cargo.toml:";
        String features = ":1: package.metadata.build-variant.image-features.";
        assertThat(problems())
                .containsExactly(
                        at + "5:1: package.metadata.build-variant.guest-images: an image of the format eif cannot hold"
                                + " the images of guests",
                        at + "5:18: package.metadata.build-variant.guest-images.aws-a: there is no variant 'aws-a' in"
                                + " [build-dependencies] (add aws-a = { path = \"../aws-a\" } there)",
                        at + "5:18: package.metadata.build-variant.guest-images.aws-a: a variant cannot be a guest of"
                                + " itself",
                        at + "5:18: package.metadata.build-variant.guest-images.aws-a: '/a:b' is not an absolute path"
                                + " without '.', '..', '//', ':' and line breaks",
                        at + "7:1: package.metadata.build-variant.image-layout.partition-plan: an image of the format"
                                + " eif cannot have the partition-plan split (leave it out; unified is the default here)",
                        at + "9" + features + "xfs-data-partition: an image of the format eif cannot have"
                                + " xfs-data-partition (leave it out)",
                        at + "10" + features + "uefi-secure-boot: an image of the format eif cannot have"
                                + " uefi-secure-boot (leave it out)",
                        at + "11" + features + "encrypted-storage: an image of the format eif cannot have"
                                + " encrypted-storage (leave it out)",
                        at + "12" + features + "ephemeral-encryption-keys: an image of the format eif cannot have"
                                + " ephemeral-encryption-keys (leave it out)",
                        at + "12" + features + "ephemeral-encryption-keys: ephemeral-encryption-keys needs an image of"
                                + " the format uki (write image-format = \"uki\")",
                        at + "13" + features + "in-place-updates: an image of the format eif cannot have"
                                + " in-place-updates (leave it out)",
                        at + "14" + features + "host-containers: an image of the format eif cannot have"
                                + " host-containers (leave it out)",
                        at + "15" + features + "standalone-image: an image of the format eif is always standalone"
                                + " (leave standalone-image out)",
                        "variants/aws-b/Cargo.toml:3:19: package.metadata.build-variant.image-features.in-place-updates:"
                                + " an image of the format uki cannot have in-place-updates, which is on by default"
                                + " (write in-place-updates = false)");
    }

    @Test
    void wrong_values_of_a_variant_are_told_at_their_place_and_cause_nothing_else() throws IOException {
        variant("aws-a", """
                image-format = "eiff"
                supported-arches = ["x86_64",
                    "amd64", "aarch46"]
                eif-pcie-flags = "576"
                eif-kernel-format = "bzImage"
                family = ""
                kernel-parameters = ["a", 'b"c']
                image-features = { standalone-image = 1, ephemeral-encryption-keys = true, fipz = true }
                """);
        String key = ": package.metadata.build-variant.";
        assertThat(problems())
                .containsExactly(
                        "variants/aws-a/Cargo.toml:4:1" + key
                                + "image-format: 'eiff' is none of raw, qcow2, vmdk, eif, uki (did you mean 'eif'?)",
                        "variants/aws-a/Cargo.toml:6:5" + key
                                + "supported-arches[1]: 'amd64' is neither x86_64 nor aarch64",
                        "variants/aws-a/Cargo.toml:6:14" + key
                                + "supported-arches[2]: 'aarch46' is neither x86_64 nor aarch64 (did you mean"
                                + " 'aarch64'?)",
                        "variants/aws-a/Cargo.toml:7:1" + key
                                + "eif-pcie-flags: '576' is not a hexadecimal number of 16 bits (write it as 0x240, with"
                                + " or without quotes)",
                        "variants/aws-a/Cargo.toml:8:1" + key
                                + "eif-kernel-format: 'bzImage' is none of bzimage, vmlinux (did you mean 'bzimage'?)",
                        "variants/aws-a/Cargo.toml:9:1" + key
                                + "family: the family must not be empty (leave the key out)",
                        "variants/aws-a/Cargo.toml:10:27" + key
                                + "kernel-parameters[1]: kernel parameter 'b\"c' has a quote or a control character",
                        "variants/aws-a/Cargo.toml:11:20" + key
                                + "image-features.standalone-image: this must be true or false",
                        "variants/aws-a/Cargo.toml:11:76" + key
                                + "image-features.fipz: there is no image feature 'fipz' (did you mean 'fips'?)");
    }

    @Test
    void guests_are_variants_among_the_build_dependencies() throws IOException {
        variant("aws-guest", "");
        variant("aws-idle", "");
        variant("aws-host", """
                guest-images = { aws-guest = "/g", aws-gone = "/h" }
                [build-dependencies]
                aws-guest = { path = "../aws-guest" }
                aws-idle = { path = "../aws-idle" }
                """);
        assertThat(problems())
                .containsExactly(
                        "variants/aws-host/Cargo.toml:4:36: package.metadata.build-variant.guest-images.aws-gone: there is"
                                + " no variant 'aws-gone' in [build-dependencies] (add aws-gone = { path ="
                                + " \"../aws-gone\" } there)",
                        "variants/aws-host/Cargo.toml:7:1: build-dependencies.aws-idle: the variant 'aws-idle' is not"
                                + " among the guest-images and is ignored");
    }

    @Test
    void a_variant_needs_a_kit_that_is_there() throws IOException {
        kit("core-kit", "vendor = \"nord\"\n");
        variant("aws-a", "kits = [\"core-kit\", \"cor-kit\",\n  \"nobody\"]\n");
        assertThat(problems())
                .containsExactly(
                        "variants/aws-a/Cargo.toml:4:21: package.metadata.build-variant.kits[1]: there is no kit"
                                + " 'cor-kit' in this project (did you mean 'core-kit'?)",
                        "variants/aws-a/Cargo.toml:5:3: package.metadata.build-variant.kits[2]: there is no kit 'nobody'"
                                + " in this project (an external kit is written VENDOR/NAME)");
    }

    // misspelt tables and keys

    @Test
    void a_misspelt_table_that_makes_a_thing_what_it_is_is_one_error() throws IOException {
        write("kits/k/Cargo.toml", "[package]\nname = \"k\"\n[package.metadata.bulid-kit]\nvendor = \"nord\"\n");
        write("variants/aws-a/Cargo.toml", "[package]\nname = \"aws-a\"\n[package.metadata.build-varaint]\n");
        write("packages/p/Cargo.toml", "[package]\nname = \"p\"\n[package.metdata.build-package]\n");
        write("packages/p/p.spec", "");
        write("packages/q/Cargo.toml", "[package]\nname = \"q\"\n[package.metadata.build-kit]\nvendor = \"nord\"\n");
        write("packages/q/q.spec", "");
        write("kits/l/Cargo.toml", "[package]\nname = \"l\"\n");
        assertThat(problems())
                .containsExactly(
                        "kits/k/Cargo.toml:3:19: package.metadata.bulid-kit: [package.metadata.build-kit] is missing;"
                                + " there is [package.metadata.bulid-kit] (did you mean 'build-kit'?)",
                        "kits/l/Cargo.toml:1:2: package: [package.metadata.build-kit] is missing (add the table)",
                        "packages/p/Cargo.toml:3:10: package.metdata: [package.metadata.build-package] is missing; there"
                                + " is [package.metdata] (did you mean 'metadata'?)",
                        "packages/q/Cargo.toml:3:19: package.metadata.build-kit: this is a kit, but it lies in packages/"
                                + " (move it to kits/)",
                        "variants/aws-a/Cargo.toml:3:19: package.metadata.build-varaint:"
                                + " [package.metadata.build-variant] is missing; there is"
                                + " [package.metadata.build-varaint] (did you mean 'build-variant'?)");
    }

    @Test
    void other_misspelt_keys_are_warnings_with_the_key_that_was_meant() throws IOException {
        spec("a", "relaeses-url = \"x\"\n[[package.metadata.build-package.external-file]]\n[build-dependency]\n");
        variant("aws-a", "included-pakages = []\nimage-layout = { os-image-size = 1 }\n");
        assertThat(warnings())
                .containsExactly(
                        "packages/a/Cargo.toml:4:1: package.metadata.build-package.relaeses-url: the key 'relaeses-url'"
                                + " means nothing here and is ignored (did you mean 'releases-url'?)",
                        "packages/a/Cargo.toml:5:34: package.metadata.build-package.external-file: the key"
                                + " 'external-file' means nothing here and is ignored (did you mean 'external-files'?)",
                        "packages/a/Cargo.toml:6:2: build-dependency: the key 'build-dependency' means nothing here and is"
                                + " ignored (did you mean 'build-dependencies'?)",
                        "variants/aws-a/Cargo.toml:4:1: package.metadata.build-variant.included-pakages: the key"
                                + " 'included-pakages' means nothing here and is ignored (did you mean"
                                + " 'included-packages'?)",
                        "variants/aws-a/Cargo.toml:5:18: package.metadata.build-variant.image-layout.os-image-size: the"
                                + " key 'os-image-size' means nothing here and is ignored (did you mean"
                                + " 'os-image-size-gib'?)");
    }

    // dependencies

    @Test
    void paths_of_dependencies_must_lead_to_what_is_named() throws IOException {
        spec("agent", "");
        spec("other", "");
        write("tools/helper/Cargo.toml", "[package]\nname = \"helper\"\n");
        write("tools/empty/x", "");
        kit("k", """
                vendor = "nord"
                [build-dependencies]
                agent = { path = "../../packages/agemt" }
                misnamed = { path = "../../packages/other" }
                helper = { path = "../../tools/helper" }
                empty = { path = "../../tools/empty" }
                nothing = 3
                other = "0.1.0"
                """);
        String at = "kits/k/Cargo.toml:";
        assertThat(problems())
                .containsExactly(
                        at + "6:1: build-dependencies.agent: there is no directory ../../packages/agemt (did you mean"
                                + " '../../packages/agent'?)",
                        at
                                + "7:1: build-dependencies.misnamed: the Cargo package in ../../packages/other is 'other', not"
                                + " 'misnamed' (write other = { path = \"../../packages/other\" })",
                        at + "8:1: build-dependencies.helper: 'helper' is no package or kit of this project and is"
                                + " ignored",
                        at + "9:1: build-dependencies.empty: there is no Cargo.toml in ../../tools/empty",
                        at + "10:1: build-dependencies.nothing: this must be a version or a table",
                        at + "11:1: build-dependencies.other: there is no path, so Cargo would not find the package"
                                + " 'other' (write other = { path = \"../../packages/other\" })");
    }

    @Test
    void dependencies_may_be_inherited_renamed_dotted_and_linked() throws IOException {
        write(
                "Cargo.toml",
                "[workspace]\nmembers = [\"packages/*\", \"kits/k\"]\n[workspace.dependencies]\n"
                        + "a = { path = \"packages/a\" }\n");
        for (String name : List.of("a", "b", "c")) {
            spec(name, "");
        }
        Files.move(temp.resolve("packages/c"), temp.resolve("elsewhere"));
        Files.createSymbolicLink(temp.resolve("packages/c"), Path.of("../elsewhere"));
        kit("k", """
                vendor = "nord"
                [build_dependencies]
                a.workspace = true
                'renamed' = { package = "b", path = "../../packages/./b/" }
                c."path" = "../../elsewhere"
                """);
        assertThat(read().spec().kits().get(0).packages()).containsExactly("a", "b", "c");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void things_stand_in_the_right_table() throws IOException {
        kit("k", "vendor = \"nord\"\n");
        variant("aws-a", "");
        spec(
                "p",
                "[dependencies]\nk = { path = \"../../kits/k\" }\n[build-dependencies]\n"
                        + "aws-a = { path = \"../../variants/aws-a\" }\n");
        assertThat(problems())
                .containsExactly(
                        "packages/p/Cargo.toml:5:1: dependencies.k: a package cannot have the kit 'k' in [dependencies]"
                                + " (move it to [build-dependencies])",
                        "packages/p/Cargo.toml:7:1: build-dependencies.aws-a: a package cannot have the variant 'aws-a' in"
                                + " [build-dependencies] (leave it out)");
    }

    @Test
    void a_circle_is_told_at_one_of_its_edges() throws IOException {
        spec("a", "[build-dependencies]\nb = { path = \"../b\" }\n");
        spec("b", "[dependencies]\na = { path = \"../a\" }\n");
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith(
                        "packages/a/Cargo.toml:5:1: build-dependencies.b: these need each other in a circle: a > b > a");
    }

    // one problem for one cause

    @Test
    void a_broken_manifest_is_the_only_problem_of_those_that_need_it() throws IOException {
        write("packages/x/Cargo.toml", "[package]\nname = x\n");
        kit(
                "k",
                "vendor = \"nord\"\n[build-dependencies]\nx = { path = \"../../packages/x\" }\n"
                        + "y_1 = { path = \"../../packages/y.1\" }\n");
        spec("y.1", "");
        write("packages/y.1/Cargo.toml", "[package]\nname = 3\n[package.metadata.build-package]\n");
        assertThat(problems())
                .containsExactly(
                        "packages/x/Cargo.toml:2:8: this is not TOML: 'x' is not a value (put text in quotes)",
                        "packages/y.1/Cargo.toml:2:1: package.name: this must be a string");
    }

    @Test
    void a_wrong_type_is_one_problem() throws IOException {
        spec("a", "package-name = 1\n");
        spec("b", "external-files = [1, {}]\n");
        write("packages/c/c.spec", "");
        write("packages/c/Cargo.toml", "[package]\nname = \"c\"\nmetadata = []\n");
        kit("k", "vendor = 7\n");
        write("variants/aws-a/Cargo.toml", "package = 1\n");
        write(
                "packages/d/package.toml",
                "version = 1\nsummary = []\nlicense = {}\nrequires = [1]\n"
                        + "[[contents]]\nsrc = 1\ndst = 2\ntype = 3\n[[contents]]\ntype = \"filee\"\ndst = \"/x\"\n"
                        + "[[contents]]\nscr = \"a\"\ndst = \"/y\"\n");
        assertThat(problems())
                .containsExactly(
                        "kits/k/Cargo.toml:4:1: package.metadata.build-kit.vendor: this must be a string",
                        "packages/a/Cargo.toml:4:1: package.metadata.build-package.package-name: this must be a string",
                        "packages/b/Cargo.toml:4:19: package.metadata.build-package.external-files[0]: this must be a"
                                + " table",
                        "packages/c/Cargo.toml:3:1: package.metadata: this must be a table",
                        "packages/d/package.toml:1:1: version: this must be a string",
                        "packages/d/package.toml:2:1: summary: this must be a string",
                        "packages/d/package.toml:3:1: license: this must be a string",
                        "packages/d/package.toml:4:13: requires[0]: this must be a string",
                        "packages/d/package.toml:6:1: contents[0].src: this must be a string",
                        "packages/d/package.toml:7:1: contents[0].dst: this must be a string",
                        "packages/d/package.toml:8:1: contents[0].type: this must be a string",
                        "packages/d/package.toml:10:1: contents[1].type: 'filee' is none of file, config,"
                                + " config|noreplace, doc, license, dir, symlink, ghost, tree (did you mean 'file'?)",
                        "packages/d/package.toml:13:1: contents[2].scr: there is no key 'scr' here (did you mean"
                                + " 'src'?)",
                        "variants/aws-a/Cargo.toml:1:1: package: this must be a table");
    }

    @Test
    void what_hangs_on_a_vendor_that_cannot_be_read_is_no_problem() throws IOException {
        String rest = "[sdk]\nname = \"s\"\nversion = \"1.0.0\"\nvendor = \"nord\"\n";
        kit("k", "");
        write("Twoliter.toml", PROJECT.replace("[vendor.nord]", "[vender.nord]") + rest);
        assertThat(problems())
                .containsExactly("Twoliter.toml:5:2: vender: there is no key 'vender' here (did you mean 'vendor'?)");
        write("Twoliter.toml", PROJECT.replace("registry =", "registri =") + rest);
        assertThat(problems())
                .containsExactly(
                        "Twoliter.toml:5:9: vendor.nord.registry: the key 'registry' is missing",
                        "Twoliter.toml:6:1: vendor.nord.registri: the key 'registri' means nothing here and is ignored"
                                + " (did you mean 'registry'?)");
        write("Twoliter.toml", "schema-version = 2\nrelease-version = 1\nproject-vendor = \"N\"\nvendor = 1\n" + rest);
        assertThat(problems())
                .containsExactly(
                        "Twoliter.toml:2:1: release-version: this must be a string",
                        "Twoliter.toml:4:1: vendor: this must be a table");
        write("Twoliter.toml", PROJECT + "=");
        write("Twoliter.trust", "[vendor.nobody]\n");
        assertThat(problems()).containsExactly("Twoliter.toml:7:1: this is not TOML: expected a key, found '='");
    }

    @Test
    void problems_of_all_files_are_told_together() throws IOException {
        write(
                "Twoliter.toml",
                PROJECT + "[sdk]\nname = \"s\"\nversion = \"1.0.0\"\nvendor = \"nrod\"\n[vendor.b]\n"
                        + "registry = \"b\"\n");
        write("Twoliter.override", "[nord]\nkit = 3\n");
        write("Twoliter.trust", "[vendor.nord]\npolicy = \"requier\"\n");
        kit("k", "");
        assertThat(problems())
                .containsExactly(
                        "Twoliter.override:2:1: nord.kit: this must be a table",
                        "Twoliter.toml:10:1: sdk.vendor: SDK 's': vendor 'nrod' is not defined (add [vendor.nrod] with its"
                                + " registry)",
                        "Twoliter.trust:2:1: vendor.nord.policy: 'requier' is none of require, warn and off (did you mean"
                                + " 'require'?)",
                        "kits/k/Cargo.toml:3:19: package.metadata.build-kit.vendor: the key 'vendor' is missing (name one"
                                + " of the vendors of Twoliter.toml)");
    }

    @Test
    void a_problem_says_whose_it_is() throws IOException {
        kit("k", "vendor = 7\n");
        spec("p", "recipe = 1\n");
        write("packages/q/package.toml", "version = 1\n");
        variant("aws-a", "image-format = 1\n");
        write("Twoliter.trust", "vendor = 1\n");
        InvalidProjectException e = catchThrowableOfType(InvalidProjectException.class, this::read);
        assertThat(e.problems())
                .extracting(Problem::subject)
                .contains(
                        Subject.PROJECT,
                        Subject.ofKit("k"),
                        Subject.ofPackage("p"),
                        Subject.ofPackage("q"),
                        Subject.ofVariant("aws-a"));
    }

    // files beside Twoliter.toml

    @Test
    void the_keys_of_a_vendor_must_exist_unless_they_are_off() throws IOException {
        write("keys/a.pub", "");
        write(
                "Twoliter.trust",
                "[vendor.nord]\nimage-keys = [\"keys/a.pub\", \"keys/é\",\n  'keys/b.pub']\nrpm-keys = [\"keys\"]\n");
        assertThat(problems())
                .containsExactly(
                        "Twoliter.trust:2:29: vendor.nord.image-keys[1]: the key file keys/é does not exist (put the"
                                + " vendor's public key there)",
                        "Twoliter.trust:3:3: vendor.nord.image-keys[2]: the key file keys/b.pub does not exist (put the"
                                + " vendor's public key there)",
                        "Twoliter.trust:4:13: vendor.nord.rpm-keys[0]: the key file keys does not exist (put the vendor's"
                                + " public key there)");
        write("Twoliter.trust", "[vendor.nord]\nimage-keys = [\"keys/b.pub\"]\npolicy = \"off\"\n");
        assertThat(read().spec().trust())
                .hasEntrySatisfying("nord", t -> assertThat(t.policy()).isEqualTo(TrustPolicy.OFF));
        ProjectSpec spec = read().spec();
        write("Twoliter.trust", "[vendor.nord]\nimage-keys = [\"keys/a.pub\"]\n");
        ProjectSpec trusting = read().spec();
        assertThat(trusting).isNotEqualTo(spec);
        assertThat(catchThrowableOfType(
                        InvalidProjectException.class, () -> ProjectFiles.create(temp.resolve("new"), trusting)))
                .hasMessage("Twoliter.trust: vendor.nord.image-keys[0]: the key file keys/a.pub does not exist (put the"
                        + " vendor's public key there first)");
        assertThat(temp.resolve("new")).doesNotExist();
    }

    @Test
    void a_lock_of_the_old_schema_is_read_and_told_of() throws IOException {
        write("Twoliter.lock", "# old\n schema-version = 1\n");
        assertThat(warnings())
                .containsExactly("Twoliter.lock:2:2: schema-version: this lock has the old schema 1; it is read, but"
                        + " twoliter 0.12 and newer refuse it (write it anew with `twoliter update`)");
        write("Twoliter.lock", "schema-version = 2\n");
        assertThat(warnings()).isEmpty();
        write("Twoliter.lock", "[");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void release_toml_is_taken_as_upstream_takes_it() throws IOException {
        String deprecated =
                "Release.toml: Release.toml is deprecated (delete it; Twoliter.toml has the release-version)";
        write("Release.toml", "version = \"1.0.0\"\nother = 1\n");
        assertThat(warnings()).containsExactly(deprecated);
        write("Release.toml", "");
        assertThat(warnings()).containsExactly(deprecated);
        write("Release.toml", "version");
        assertThat(warnings())
                .containsExactly("Release.toml:1:8: this is not TOML: expected '=' after the key, found the end of the"
                        + " file");
        write("Release.toml", "version = 1\n");
        assertThat(problems()).containsExactly(deprecated, "Release.toml:1:1: version: this must be a string");
    }

    @Test
    void there_is_one_workspace_and_its_members_exist() throws IOException {
        write("Cargo.toml", "[workspace]\nmembers = [\"packages/*\", \"kits/gone\"]\n");
        assertThat(warnings())
                .containsExactly(
                        "Cargo.toml:2:26: workspace.members[1]: there is no directory kits/gone, so Cargo refuses"
                                + " the workspace (leave it out)");
        write("variants/Cargo.toml", "[workspace]\n");
        assertThat(problems())
                .contains("variants/Cargo.toml: there is a workspace in Cargo.toml as well (keep Cargo.toml alone)");
        Files.delete(temp.resolve("Cargo.toml"));
        assertThat(warnings())
                .containsExactly(
                        "variants/Cargo.toml: a workspace in variants is deprecated (move it to Cargo.toml beside"
                                + " Twoliter.toml)");
        Files.delete(temp.resolve("variants/Cargo.toml"));
        assertThat(warnings()).isEmpty();
    }

    @Test
    void a_spec_file_without_a_manifest_is_not_passed_over_in_silence() throws IOException {
        write("packages/a/a.spec", "");
        assertThat(warnings())
                .containsExactly(
                        "packages/a/a.spec: there is no Cargo.toml beside it, so this directory is no package and"
                                + " is ignored (write the Cargo.toml, or remove the directory)");
    }

    // characters, links and hostile input

    @Test
    void columns_count_characters_in_files_of_any_make() throws IOException {
        String text = PROJECT + "[[kit]]\nname = \"🚀é\", x = 1\n";
        write("Twoliter.toml", text);
        String problem = "Twoliter.toml:8:12: this is not TOML: expected the end of the line, found ','";
        assertThat(problems()).containsExactly(problem);
        write("Twoliter.toml", "\uFEFF" + text.replace("\n", "\r\n"));
        assertThat(problems()).containsExactly(problem);
        write("Twoliter.toml", "\uFEFF\"é\" = 1\n" + PROJECT);
        assertThat(problems()).containsExactly("Twoliter.toml:1:1: é: there is no key 'é' here");
    }

    @Test
    void dotted_keys_inline_tables_and_quotes_say_the_same_as_headers() throws IOException {
        write("Twoliter.toml", PROJECT + "[[kit]]\nname = \"k\"\nversion = \"1.0.0\"\n" + "vendor = \"nord\"\n");
        ProjectSpec plain = read().spec();
        write("Twoliter.toml", """
                "schema-version" = 2
                'release-version' = '''1.0.0'''
                project-vendor = "\\u004eord"
                vendor.nord.registry = "images.nord.example/base"
                kit = [{ name = "k", version = "1.0.0", "vendor" = "nord" }]
                """);
        assertThat(read().spec()).isEqualTo(plain);
    }

    @Test
    void what_is_no_file_is_a_typed_error() throws IOException {
        Files.createDirectories(temp.resolve("Twoliter.override"));
        Files.createDirectories(temp.resolve("packages/p/Cargo.toml"));
        Files.createDirectories(temp.resolve("packages/q/package.toml"));
        Files.createSymbolicLink(temp.resolve("packages/loop"), Path.of("loop"));
        assertThat(problems())
                .containsExactly(
                        "Twoliter.override: this is not a regular file",
                        "packages/p/Cargo.toml: this is not a regular file",
                        "packages/q/package.toml: this is not a regular file");
    }

    @Test
    void a_flood_of_problems_is_cut_off() throws IOException {
        StringBuilder flood = new StringBuilder(PROJECT);
        for (int i = 0; i < 50_000; i++) {
            flood.append("k").append(i).append(" = 1\n");
        }
        write("Twoliter.toml", flood.toString());
        assertThat(read().warnings()).hasSize(1000);
    }

    @Test
    void every_kind_of_file_may_be_cut_short_or_flipped() throws IOException {
        write("keys/a.pub", "");
        Map<String, String> files = Map.of(
                "Twoliter.override", "[nord.kit]\nregistry = \"localhost:5000\"\nname = 'é'\n",
                "Twoliter.trust", "[vendor.nord]\nimage-keys = [\"keys/a.pub\"]\npolicy = \"warn\"\n",
                "Release.toml", "version = \"1.0.0\"\n",
                "Cargo.toml", "[workspace]\nmembers = [\"kits/*\"]\ndependencies.p.path = \"packages/p\"\n",
                "kits/k/Cargo.toml",
                        "[package]\nname = \"k\"\n[package.metadata.build-kit]\nvendor = \"nord\"\n"
                                + "[build-dependencies]\np.workspace = true\n",
                "variants/aws-a/Cargo.toml",
                        "[package]\nname = \"aws-a\"\n[package.metadata.build-variant]\nkits = [\"k\"]\n"
                                + "eif-pcie-flags = \"0x1\"\nimage-layout = {os-image-size-gib = 3}\n",
                "Twoliter.lock", "schema-version = 1\nkit = []\n");
        spec("p", "");
        for (Map.Entry<String, String> file : files.entrySet()) {
            write(file.getKey(), file.getValue());
        }
        int read = 0;
        for (Map.Entry<String, String> file : files.entrySet()) {
            byte[] good = file.getValue().getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < good.length; i++) {
                for (int mask : new int[] {0x01, 0x1C, 0x95}) {
                    byte[] flipped = good.clone();
                    flipped[i] ^= (byte) mask;
                    for (byte[] bytes : List.of(Arrays.copyOf(good, i), flipped)) {
                        Files.write(temp.resolve(file.getKey()), bytes);
                        try {
                            read();
                            read++;
                        } catch (TwoliterException e) {
                            assertThat(e).hasMessageContaining(file.getKey());
                        }
                    }
                }
            }
            Files.write(temp.resolve(file.getKey()), good);
        }
        assertThat(read).isPositive();
    }
}
