package dev.twoliter.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.DockerRegistry;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What skopeo, buildah and umoci write is read here, and the other way round. */
@Peer({"skopeo", "docker-registry"})
class ImagePeerTest {

    private static final Platform ARM64 = new Platform("linux", "arm64");
    private static final CopyOptions ALL = CopyOptions.builder().build();

    @TempDir
    static Path directory;

    private static DockerRegistry registry;
    private static ImageStore layouts;
    private static ImageStore store;
    private static Digest index;

    /** An index over two architectures in {@code oci:DIRECTORY/ours/image:v1}. */
    @BeforeAll
    static void publish() throws Exception {
        registry = DockerRegistry.start(directory);
        StoreOptions options = StoreOptions.builder().baseDirectory(directory).build();
        layouts = ImageStore.open("oci:.", options);
        store = ImageStore.open(registry.host() + "/peers", options);
        Repository ours = layouts.repository("ours/image");
        ImageIndex images = ImageIndex.of(List.of());
        for (Arch arch : Arch.values()) {
            Layer layer = TarLayer.at(0)
                    .file("etc/arch", (arch + " ").repeat(10_000).getBytes(UTF_8), 0644)
                    .symlink("etc/link", "arch")
                    .writeTo(directory.resolve(arch + ".tar"));
            images = images.with(ImageBuilder.forArch(arch)
                    .label("dev.example", arch.toString())
                    .addLayer(layer)
                    .build()
                    .pushTo(ours));
        }
        index = ours.pushManifest(images.toRaw(), "v1").digest();
    }

    @AfterAll
    static void stop() {
        store.close();
        layouts.close();
        registry.close();
    }

    private static String skopeo(Object... words) {
        List<Object> all = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
        all.addAll(List.of(words));
        return Command.output(all.toArray());
    }

    private static String skopeoCopy(Object... words) {
        List<Object> all =
                new ArrayList<>(List.of("copy", "--all", "--src-tls-verify=false", "--dest-tls-verify=false"));
        all.addAll(List.of(words));
        return skopeo(all.toArray());
    }

    /** The file of each architecture's layer, unpacked from what is in a repository. */
    private static void requireContent(Repository repository, String tag) throws IOException {
        ImageInspection image = ImageInspection.of(repository, tag);
        assertThat(image.isIndex()).isTrue();
        assertThat(image.images())
                .extracting(one -> String.valueOf(one.descriptor().platformOrNull()))
                .containsExactlyInAnyOrder("linux/amd64", "linux/arm64");
        for (ImageInspection.Image one : image.images()) {
            Path tree = Files.createTempDirectory(directory, "tree");
            for (Descriptor layer : one.layers()) {
                LayerUnpacker.unpack(repository.blob(layer), directory.resolve("layer"), "layer")
                        .moveOnto(tree);
            }
            String arch = one.labels().get("dev.example");
            assertThat(tree.resolve("etc/link")).hasContent((arch + " ").repeat(10_000));
        }
    }

    @Test
    void skopeo_copies_our_index_and_we_copy_its_copy() throws IOException {
        skopeoCopy(
                "--preserve-digests",
                "oci:" + directory.resolve("ours/image") + ":v1",
                "docker://" + registry.host() + "/peers/theirs:v1");
        Repository theirs = store.repository("theirs");

        CopyResult back = ImageCopier.copy(theirs, "v1", layouts.repository("back"), "v1", ALL);

        assertThat(back.root().digest()).isEqualTo(index);
        requireContent(layouts.repository("back"), "v1");
    }

    @Test
    void what_we_copy_to_a_registry_skopeo_and_umoci_read() {
        CopyResult result =
                ImageCopier.copy(layouts.repository("ours/image"), "v1", store.repository("copied"), "v1", ALL);
        String reference = "docker://" + registry.host() + "/peers/copied:v1";

        assertThat(Digest.ofBytes(skopeo("inspect", "--raw", "--tls-verify=false", reference)
                        .getBytes(UTF_8)))
                .isEqualTo(result.root().digest())
                .isEqualTo(index);
        assertThat(skopeo("--override-arch=arm64", "inspect", "--tls-verify=false", reference))
                .contains("\"dev.example\": \"aarch64\"");
    }

    @Test
    void skopeo_reads_our_archive_of_an_index_and_we_read_its_archive() throws IOException {
        Path ours = directory.resolve("ours.tar");
        ImageCopier.copyToArchive(layouts.repository("ours/image"), "v1", ours, "v1", ALL);

        skopeoCopy(
                "--preserve-digests", "oci-archive:" + ours + ":v1", "oci-archive:" + directory.resolve("theirs.tar"));

        try (OciArchive archive = OciArchive.open(directory.resolve("theirs.tar"))) {
            Descriptor image = archive.image();
            assertThat(image.digest()).isEqualTo(index);
            ImageCopier.copy(
                    archive.repository(), image.digest().toString(), layouts.repository("archived"), "v1", ALL);
        }
        requireContent(layouts.repository("archived"), "v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd"})
    void layers_that_skopeo_compresses_are_copied_and_unpacked(String format) throws IOException {
        Files.createDirectories(directory.resolve("skopeo"));
        // To a layout: in a registry skopeo prefers a blob that is there, compressed or not.
        skopeoCopy(
                "--dest-compress-format=" + format,
                "oci:" + directory.resolve("ours/image") + ":v1",
                "oci:" + directory.resolve("skopeo/" + format) + ":v1");
        Repository compressed = layouts.repository("skopeo/" + format);
        assertThat(ImageInspection.of(compressed, "v1")
                        .images()
                        .get(0)
                        .layers()
                        .get(0)
                        .mediaType())
                .endsWith("+" + format);

        CopyResult there = ImageCopier.copy(compressed, "v1", store.repository(format), "v1", ALL);
        CopyResult result = ImageCopier.copy(store.repository(format), "v1", layouts.repository(format), "v1", ALL);

        assertThat(result.root()).isEqualTo(there.root());
        assertThat(result.root().digest())
                .isEqualTo(compressed.manifest("v1").orElseThrow().digest());
        requireContent(layouts.repository(format), "v1");
        // And skopeo reads our copy.
        assertThat(skopeo("--override-arch=arm64", "inspect", "oci:" + directory.resolve(format) + ":v1"))
                .contains("\"dev.example\": \"aarch64\"");
    }

    @Test
    void docker_manifest_lists_keep_their_type_and_digest() throws IOException {
        skopeoCopy(
                "--format=v2s2",
                "oci:" + directory.resolve("ours/image") + ":v1",
                "docker://" + registry.host() + "/peers/docker:v1");
        Repository docker = store.repository("docker");
        assertThat(docker.manifest("v1").orElseThrow().mediaType()).isEqualTo(MediaTypes.DOCKER_MANIFEST_LIST);

        ImageCopier.copy(docker, "v1", layouts.repository("docker"), "v1", ALL);
        ImageCopier.copy(layouts.repository("docker"), "v1", store.repository("docker-again"), "v1", ALL);

        requireContent(layouts.repository("docker"), "v1");
        RawManifest again = store.repository("docker-again").manifest("v1").orElseThrow();
        assertThat(again.mediaType()).isEqualTo(MediaTypes.DOCKER_MANIFEST_LIST);
        assertThat(again.digest()).isEqualTo(docker.manifest("v1").orElseThrow().digest());
    }

    @ParameterizedTest
    @CsvSource({"amd64,x86_64", "arm64,aarch64"})
    @Peer("umoci")
    void umoci_unpacks_each_architecture_of_our_copy(String architecture, String arch) {
        ImageCopier.copy(
                layouts.repository("ours/image"),
                "v1",
                layouts.repository("one/" + architecture),
                "v1",
                CopyOptions.builder()
                        .platform(new Platform("linux", architecture))
                        .build());
        Path bundle = directory.resolve("bundle-" + architecture);

        Command.output(
                "umoci", "unpack", "--rootless", "--image", directory.resolve("one/" + architecture) + ":v1", bundle);

        assertThat(bundle.resolve("rootfs/etc/arch")).hasContent((arch + " ").repeat(10_000));
    }

    @Test
    @Peer("umoci")
    void an_image_that_umoci_makes_is_inspected_and_copied() throws IOException {
        Path layout = directory.resolve("umoci/made");
        Files.createDirectories(layout.getParent());
        Command.output("umoci", "init", "--layout", layout);
        Command.output("umoci", "new", "--image", layout + ":v1");
        Path bundle = directory.resolve("umoci-bundle");
        Command.output("umoci", "unpack", "--rootless", "--image", layout + ":v1", bundle);
        Files.createDirectories(bundle.resolve("rootfs/etc"));
        Files.writeString(bundle.resolve("rootfs/etc/from-umoci"), "umoci");
        Command.output("umoci", "repack", "--image", layout + ":v1", bundle);
        Command.output("umoci", "config", "--image", layout + ":v1", "--config.label", "made.by=umoci");

        ImageCopier.copy(layouts.repository("umoci/made"), "v1", store.repository("umoci"), "v1", ALL);

        ImageInspection there = ImageInspection.of(store.repository("umoci"), "v1");
        assertThat(there.images().get(0).labels()).containsEntry("made.by", "umoci");
        Path tree = directory.resolve("umoci-tree");
        for (Descriptor layer : there.images().get(0).layers()) {
            LayerUnpacker.unpack(store.repository("umoci").blob(layer), directory.resolve("layer"), "layer")
                    .moveOnto(tree);
        }
        assertThat(tree.resolve("etc/from-umoci")).hasContent("umoci");
    }

    @Test
    @Peer("buildah")
    void buildah_reads_our_index_and_we_read_what_it_makes() throws IOException {
        ImageCopier.copy(layouts.repository("ours/image"), "v1", store.repository("for-buildah"), "v1", ALL);
        Buildah buildah = new Buildah();
        String from = "docker://" + registry.host() + "/peers/for-buildah:v1";
        String container =
                buildah.run("from", "--tls-verify=false", "--arch=arm64", from).strip();
        Path file = Files.writeString(directory.resolve("from-buildah"), "buildah");
        buildah.run("copy", container, file, "/etc/from-buildah");
        buildah.run("config", "--label", "made.by=buildah", container);
        buildah.run("commit", "--format=oci", container, "oci:" + directory.resolve("buildah-made") + ":v1");

        ImageInspection made = ImageInspection.of(layouts.repository("buildah-made"), "v1");

        assertThat(made.images().get(0).descriptor().platformOrNull())
                .isNotNull()
                .matches(ARM64::matches);
        assertThat(made.images().get(0).labels())
                .containsEntry("made.by", "buildah")
                .containsEntry("dev.example", "aarch64");
        Path tree = directory.resolve("buildah-tree");
        for (Descriptor layer : made.images().get(0).layers()) {
            LayerUnpacker.unpack(layouts.repository("buildah-made").blob(layer), directory.resolve("layer"), "layer")
                    .moveOnto(tree);
        }
        assertThat(tree.resolve("etc/from-buildah")).hasContent("buildah");
        assertThat(tree.resolve("etc/arch")).hasContent("aarch64 ".repeat(10_000));
    }

    /** buildah with storage of its own that needs neither root nor overlays. */
    private static final class Buildah {
        String run(Object... words) {
            List<Object> all = new ArrayList<>(List.of(
                    "buildah",
                    "--root",
                    directory.resolve("buildah-root"),
                    "--runroot",
                    directory.resolve("buildah-run"),
                    "--storage-driver",
                    "vfs"));
            all.addAll(List.of(words));
            Command done = Command.run(all.toArray());
            String output = done.succeeded();
            return output.lines().reduce("", (before, line) -> line);
        }
    }
}
