package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twoliter.api.Arch;
import dev.twoliter.api.Project;
import dev.twoliter.api.plan.Artifact;
import dev.twoliter.api.plan.BuildResult;
import dev.twoliter.api.plan.PublishResult;
import dev.twoliter.api.plan.Step;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From a project in Java to a signed kit in a registry, and from there to a disk image: once, then looked at. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(BuiltWorld.Resolver.class)
class WholeWayTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private Demo demo;
    private Project base;
    private PublishResult published;
    private Project os;
    private BuildResult built;
    private Path images;

    @BeforeAll
    void take(BuiltWorld world) {
        demo = world.demo;
        base = world.base;
        published = world.published;
        os = world.os;
        built = world.built;
        images = os.directory().resolve("build/images/x86_64-metal-demo/latest");
    }

    @Test
    void each_package_comes_from_the_kit_with_the_highest_priority_and_unneeded_ones_are_left_out() throws Exception {
        TreeMap<String, String> kits = new TreeMap<>();
        for (JsonNode one :
                JSON.readTree(images.resolve("installed-packages.json").toFile())) {
            kits.put(one.path("name").asText(), one.path("kit").asText());
        }

        assertThat(kits)
                .containsEntry("bottlerocket-hello-agent", "hello-kit")
                .containsEntry("bottlerocket-metadata", "this-variant")
                .containsEntry("bottlerocket-motd", "hello-kit")
                .containsEntry("bottlerocket-release", "acme-base-kit")
                .hasSize(4);
        assertThat(Files.readAllLines(images.resolve("installed-packages.txt")))
                .extracting(line -> line.replaceAll(" +", " "))
                .contains("bottlerocket-motd.x86_64 0.9-1.0000000000.00000000.br1 @hello-kit")
                .hasSize(4);
    }

    @Test
    void the_inventory_says_who_published_what_beside_the_image_and_inside_it() throws Exception {
        byte[] inventory = Files.readAllBytes(images.resolve("application-inventory.json"));

        assertThat(JSON.readTree(inventory).path("Content")).hasSize(4).anySatisfy(one -> {
            assertThat(one.path("Name").asText()).isEqualTo("motd");
            assertThat(one.path("Publisher").asText()).isEqualTo("hello-kit");
            assertThat(one.path("Version").asText()).isEqualTo("0.9");
            assertThat(one.path("InstalledTime").asText()).isEqualTo("1970-01-01T00:00:00Z");
        });
        assertThat(Files.readString(images.resolve("root-tree.txt")))
                .contains("./usr/share/bottlerocket/application-inventory.json")
                .contains("size=" + inventory.length);
    }

    @Test
    void artefacts_have_the_names_and_links_of_upstream() throws Exception {
        Path real = images.toRealPath();
        assertThat(Files.readSymbolicLink(images)).hasToString("1.0.0-00000000");
        for (String suffix : List.of(".img.lz4", "-root.ext4.lz4", "-root.verity.lz4")) {
            Path file = real.resolve("bottlerocket-metal-demo-x86_64-1.0.0-00000000" + suffix);
            assertThat(file).isRegularFile();
            for (String stem : List.of("", "-1.0.0", "-v1.0.0")) {
                assertThat(Files.readSymbolicLink(real.resolve("bottlerocket-metal-demo-x86_64" + stem + suffix)))
                        .isEqualTo(file.getFileName());
            }
        }
    }

    @Test
    void every_artefact_is_reported_with_its_size_and_digest() throws Exception {
        assertThat(built.artifacts())
                .extracting(Artifact::kind)
                .contains(
                        Artifact.Kind.RPM,
                        Artifact.Kind.KIT,
                        Artifact.Kind.IMAGE,
                        Artifact.Kind.PARTITION,
                        Artifact.Kind.REPORT);
        for (Artifact artifact : built.artifacts()) {
            assertThat(artifact.path()).hasSize(artifact.size());
            if (artifact.size() < 10_000_000) {
                assertThat(Files.readAllBytes(artifact.path()))
                        .satisfies(bytes -> assertThat(dev.twoliter.api.Digest.ofBytes(bytes))
                                .isEqualTo(artifact.sha256()));
            }
        }
    }

    @Test
    void a_second_build_has_nothing_to_do_and_gives_the_same_result() {
        assertThat(os.plan(b -> b.variant("metal-demo").arch(Arch.X86_64)).steps())
                .allMatch(Step::upToDate);
        BuildResult again = demo.buildOs(os);
        assertThat(again.artifacts()).isEqualTo(built.artifacts());
        assertThat(again.steps()).allMatch(BuildResult.StepResult::upToDate);
    }

    @Test
    void fetching_leaves_what_the_tools_of_upstream_look_for() throws Exception {
        Path external = os.directory().resolve("build/external-kits");
        assertThat(external.resolve(".kits-verified"))
                .hasContent("[\"base-kit-2.1.0@acme (../registry/base-kit:v2.1.0)\"]".replace("../", "oci:../"));
        assertThat(external.resolve(".sdk-verified")).content().contains("acme-sdk-0.50.0@acme");
        assertThat(external.resolve("acme/base-kit/x86_64/digest"))
                .hasContent(published.images().get(Arch.X86_64).toString());
        assertThat(JSON.readTree(external.resolve("external-kit-metadata.json").toFile())
                        .path("kit")
                        .path(0)
                        .path("digest")
                        .asText())
                .isEqualTo(os.lock().orElseThrow().kits().get(0).digest());
    }

    @Test
    @Peer("rpm")
    void rpm_accepts_the_signature_of_every_package_of_the_kit() throws Exception {
        Path database = Files.createDirectory(directory.resolve("rpm-keys"));
        Command.output("rpm", "--dbpath", database, "--import", demo.keys.rpmPublic());

        List<Path> packages = kitPackages();
        assertThat(packages).hasSize(6);
        for (Path rpm : packages) {
            assertThat(Command.output("rpm", "--dbpath", database, "-K", rpm).strip())
                    .endsWith("digests signatures OK");
            assertThat(Command.output("rpm", "--dbpath", database, "-qpl", rpm)).startsWith("/");
        }
    }

    @Test
    @Peer("rpm")
    void rpm_installs_the_packages_and_finds_every_file_as_promised() throws Exception {
        Path root = Files.createDirectory(directory.resolve("rpm-root"));
        List<Object> command =
                new ArrayList<>(List.of("rpm", "--root", root, "-i", "--nodeps", "--ignorearch", "--nosignature"));
        kitPackages().stream()
                .filter(rpm -> rpm.toString().contains("x86_64.rpm"))
                .forEach(command::add);
        Command.output(command.toArray());

        assertThat(Command.output("rpm", "--root", root, "-Va", "--nodeps", "--nosignature"))
                .isEmpty();
        assertThat(root.resolve("usr/share/motd")).hasContent("hello from base");
        assertThat(root.resolve("etc/os-release")).isSymbolicLink();
    }

    @Test
    @Peer("dnf")
    void dnf_checks_all_signatures_of_the_composite_and_chooses_the_same_packages() throws Exception {
        Path composite = os.directory().resolve("build/composites/x86_64-metal-demo");
        assertThat(composite.resolve("etc/yum.repos.d/acme-base-kit.repo"))
                .content()
                .contains("gpgcheck=1", "repo_gpgcheck=1", "priority=20");
        Path root = Files.createDirectory(directory.resolve("dnf-root"));
        Files.createDirectory(directory.resolve("dnf-log"));
        Path downloads = Files.createDirectory(directory.resolve("dnf-downloads"));
        List<Object> dnf = List.of(
                "dnf",
                "-y",
                "--installroot=" + root,
                "--forcearch=x86_64",
                "--releasever=1",
                "--setopt=reposdir=" + composite.resolve("etc/yum.repos.d"),
                "--setopt=cachedir=" + directory.resolve("dnf-cache"),
                "--setopt=logdir=" + directory.resolve("dnf-log"));

        String known = run(dnf, "repoquery", "--qf", "%{name}@%{repoid}", "*motd*", "*host-ctr*");
        assertThat(known.lines().filter(line -> line.contains("@")))
                .contains("bottlerocket-motd@hello-kit", "bottlerocket-host-ctr@acme-base-kit");
        run(
                dnf,
                "install",
                "--downloadonly",
                "--downloaddir=" + downloads,
                "bottlerocket-metadata",
                "bottlerocket-release",
                "bottlerocket-hello-agent");

        List<String> ours = new ArrayList<>();
        for (JsonNode one :
                JSON.readTree(images.resolve("installed-packages.json").toFile())) {
            ours.add(one.path("name").asText() + "-" + one.path("version").asText() + "-"
                    + one.path("release").asText() + "." + one.path("arch").asText() + ".rpm");
        }
        try (Stream<Path> files = Files.list(downloads)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".rpm"))
                            .toList())
                    .containsExactlyInAnyOrderElementsOf(ours);
        }
    }

    private static String run(List<Object> program, Object... more) {
        List<Object> words = new ArrayList<>(program);
        Collections.addAll(words, more);
        return Command.output(words.toArray());
    }

    private List<Path> kitPackages() throws IOException {
        try (Stream<Path> files = Files.walk(base.directory().resolve("build/kits/base-kit"))) {
            return files.filter(file -> file.toString().endsWith(".rpm"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    @Peer("skopeo")
    void skopeo_reads_the_published_index_and_each_image() throws Exception {
        String layout = "oci:" + demo.registryDirectory().resolve("base-kit");
        JsonNode index = JSON.readTree(Command.output("skopeo", "inspect", "--raw", layout + ":v2.1.0"));
        assertThat(index.path("manifests")).hasSize(2);
        for (Arch arch : Arch.values()) {
            JsonNode image = JSON.readTree(Command.output(
                    "skopeo",
                    "--override-os=linux",
                    "--override-arch=" + arch.ociName(),
                    "inspect",
                    layout + ":v2.1.0"));
            assertThat(image.path("Architecture").asText()).isEqualTo(arch.ociName());
            assertThat(JSON.readTree(Command.output("skopeo", "inspect", layout + ":v2.1.0-00000000-" + arch))
                            .path("Digest")
                            .asText())
                    .isEqualTo(published.images().get(arch).toString());
            JsonNode label = JSON.readTree(Base64.getDecoder()
                    .decode(image.path("Labels").path("dev.bottlerocket.kit.v3").asText()));
            assertThat(label.path("name").asText()).isEqualTo("base-kit");
            assertThat(label.path("version").asText()).isEqualTo("2.1.0");
            assertThat(label.path("sdk").path("name").asText()).isEqualTo("acme-sdk");
            assertThat(label.path("kit")).isEmpty();
            assertThat(image.path("Labels").path("dev.bottlerocket.kit.v4"))
                    .isEqualTo(image.path("Labels").path("dev.bottlerocket.kit.v3"));
        }
        Path copy = directory.resolve("copy");
        Command.output(
                "skopeo",
                "copy",
                "--all",
                "--preserve-digests",
                "--insecure-policy",
                layout + ":v2.1.0",
                "oci:" + copy + ":all");
        assertThat(JSON.readTree(copy.resolve("index.json").toFile())
                        .path("manifests")
                        .path(0)
                        .path("digest")
                        .asText())
                .isEqualTo(published.reference().digest().orElseThrow().toString());
    }

    @Test
    @Peer({"skopeo", "tar"})
    void the_archive_of_a_kit_unpacks_to_the_tree_that_formats_md_draws() throws Exception {
        Path archive = built.kits().get(0).path();
        Path layout = directory.resolve("hello-kit-layout");
        Command.output(
                "skopeo",
                "copy",
                "--preserve-digests",
                "--insecure-policy",
                "oci-archive:" + archive,
                "oci:" + layout + ":kit");
        assertThat(listing(layout))
                .contains(
                        "kits/hello-kit/Packages/hello-agent/bottlerocket-hello-agent-0.1.0-1.0000000000.00000000.br1.x86_64.rpm");

        Path baseArchive = base.directory().resolve("build/kits/base-kit/base-kit-v2.1.0-00000000-aarch64.tar");
        Path baseLayout = directory.resolve("base-kit-layout");
        Command.output(
                "skopeo",
                "copy",
                "--preserve-digests",
                "--insecure-policy",
                "oci-archive:" + baseArchive,
                "oci:" + baseLayout + ":kit");
        String rpm = "-1.0-1.0000000000.00000000.br1.aarch64.rpm";
        assertThat(listing(baseLayout).stream().map(name -> name.replaceFirst("[0-9a-f]{64}-", "SHA-")))
                .containsExactlyInAnyOrder(
                        "etc/",
                        "etc/yum.repos.d/",
                        "etc/yum.repos.d/base-kit.repo",
                        "etc/pki/",
                        "etc/pki/rpm-gpg/",
                        "etc/pki/rpm-gpg/RPM-GPG-KEY-base-kit",
                        "kits/",
                        "kits/base-kit/",
                        "kits/base-kit/Packages/",
                        "kits/base-kit/Packages/host-ctr/",
                        "kits/base-kit/Packages/host-ctr/bottlerocket-host-ctr" + rpm,
                        "kits/base-kit/Packages/motd/",
                        "kits/base-kit/Packages/motd/bottlerocket-motd" + rpm,
                        "kits/base-kit/Packages/release/",
                        "kits/base-kit/Packages/release/bottlerocket-release" + rpm,
                        "kits/base-kit/repodata/",
                        "kits/base-kit/repodata/repomd.xml",
                        "kits/base-kit/repodata/repomd.xml.asc",
                        "kits/base-kit/repodata/SHA-primary.xml.gz",
                        "kits/base-kit/repodata/SHA-filelists.xml.gz",
                        "kits/base-kit/repodata/SHA-other.xml.gz",
                        "kits/base-kit/repodata/SHA-primary.sqlite.bz2",
                        "kits/base-kit/repodata/SHA-filelists.sqlite.bz2",
                        "kits/base-kit/repodata/SHA-other.sqlite.bz2",
                        "Packages",
                        "repodata");
    }

    /** The members of all layers of the one image in a layout, once each. */
    private static List<String> listing(Path layout) throws IOException {
        JsonNode index = JSON.readTree(layout.resolve("index.json").toFile());
        JsonNode manifest = JSON.readTree(
                blob(layout, index.path("manifests").path(0).path("digest").asText())
                        .toFile());
        List<String> names = new ArrayList<>();
        for (JsonNode layer : manifest.path("layers")) {
            assertThat(layer.path("mediaType").asText()).isEqualTo("application/vnd.oci.image.layer.v1.tar");
            Command.output("tar", "-tf", blob(layout, layer.path("digest").asText()))
                    .lines()
                    .forEach(names::add);
        }
        return names.stream().distinct().toList();
    }

    private static Path blob(Path layout, String digest) {
        return layout.resolve("blobs/sha256").resolve(digest.substring("sha256:".length()));
    }

    @Test
    @Peer({"sgdisk", "lz4", "sha256sum"})
    void the_disk_image_is_sound_and_its_compressed_form_is_the_same() {
        Artifact image = artifact(".img");
        assertThat(Command.output("sgdisk", "-v", image.path())).contains("No problems found");
        // lz4 checks the frame's checksum while it decompresses.
        String packed =
                Command.output("bash", "-o", "pipefail", "-c", "lz4 -dc '" + image.path() + ".lz4' | sha256sum");
        assertThat(packed).startsWith(image.sha256().hex());
    }

    private Artifact artifact(String ending) {
        return built.artifacts().stream()
                .filter(artifact -> artifact.path().toString().endsWith(ending))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Peer({"fsck.erofs", "veritysetup", "lz4"})
    void the_root_of_the_disk_is_the_tree_and_verifies_under_its_root_hash() throws Exception {
        JsonNode report = JSON.readTree(images.resolve("build-report.json").toFile());
        Path root = partition(report, "BOTTLEROCKET-ROOT-A");
        Path hashes = partition(report, "BOTTLEROCKET-HASH-A");
        Path tree = directory.resolve("extracted");
        Command.output("fsck.erofs", "--extract=" + tree, root);

        List<String> expected = new ArrayList<>();
        for (String line : Files.readAllLines(images.resolve("root-tree.txt"))) {
            if (line.startsWith(".")) {
                expected.add(line.substring(0, line.indexOf(' ')));
                checkEntry(tree, line);
            }
        }
        try (Stream<Path> found = Files.walk(tree)) {
            assertThat(found.map(path -> path.equals(tree) ? "." : "./" + tree.relativize(path)))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
        assertThat(tree.resolve("usr/share/motd")).hasContent("hello from us");
        String rootHash = report.path("root").path("verityRootHash").asText();
        Command.output("veritysetup", "verify", root, hashes, rootHash);
        Path artefact = directory.resolve("root.verity");
        Command.output("lz4", "-d", images.resolve("bottlerocket-metal-demo-x86_64-root.verity.lz4"), artefact);
        assertThat(artefact).hasSameBinaryContentAs(hashes);
        try (RandomAccessFile file = new RandomAccessFile(root.toFile(), "rw")) {
            file.seek(1024);
            int old = file.read();
            file.seek(1024);
            file.write(old ^ 1);
        }
        assertThat(Command.run("veritysetup", "verify", root, hashes, rootHash).exit())
                .isNotZero();
    }

    private static void checkEntry(Path tree, String line) throws Exception {
        Path path = tree.resolve(line.substring(0, line.indexOf(' ')));
        String mode = value(line, "mode");
        if (value(line, "type").equals("link")) {
            assertThat(Files.readSymbolicLink(path)).hasToString(value(line, "link"));
            return;
        }
        assertThat(String.format("%04o", (int) Files.getAttribute(path, "unix:mode") & 07777))
                .isEqualTo(mode);
        if (value(line, "type").equals("file")) {
            assertThat(dev.twoliter.api.Digest.ofBytes(Files.readAllBytes(path)).hex())
                    .isEqualTo(value(line, "sha256digest"));
        }
    }

    private static String value(String line, String key) {
        return line.replaceFirst(".* " + key + "=(\\S+).*", "$1");
    }

    /** Cuts a partition out of the disk image, by the sectors of the report. */
    private Path partition(JsonNode report, String label) throws IOException {
        for (JsonNode one : report.path("partitions")) {
            if (one.path("label").asText().equals(label)) {
                long first = one.path("firstSector").asLong() * 512;
                long size = (one.path("lastSector").asLong() + 1) * 512 - first;
                Path file = directory.resolve(label);
                Path image = images.resolve("bottlerocket-metal-demo-x86_64-1.0.0-00000000.img");
                try (InputStream in = Files.newInputStream(image);
                        RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
                    in.skipNBytes(first);
                    byte[] buffer = new byte[1 << 20];
                    byte[] zeros = new byte[buffer.length];
                    for (long at = 0; at < size; at += buffer.length) {
                        int length = (int) Math.min(buffer.length, size - at);
                        assertThat(in.readNBytes(buffer, 0, length)).isEqualTo(length);
                        if (!java.util.Arrays.equals(buffer, 0, length, zeros, 0, length)) {
                            out.seek(at);
                            out.write(buffer, 0, length);
                        }
                    }
                    out.setLength(size);
                }
                return file;
            }
        }
        throw new AssertionError("no partition " + label);
    }
}
