package dev.twoliter.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoliter.api.FormatException;
import dev.twoliter.oci.internal.json.Json;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.DockerRegistry;
import dev.twoliter.testing.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ImageOnBaseTest {

    private static final Platform AMD64 = new Platform("linux", "amd64");
    private static final Platform ARM64 = new Platform("linux", "arm64");

    @TempDir
    Path directory;

    private ImageStore store;
    private Repository sdk;
    private Repository target;

    @BeforeEach
    void publishBase() throws IOException {
        store = ImageStore.open(
                "oci:store", StoreOptions.builder().baseDirectory(directory).build());
        sdk = store.repository("sdk");
        target = store.repository("tools");
        ImageIndex index = ImageIndex.of(List.of());
        for (Platform platform : List.of(AMD64, ARM64)) {
            index = index.with(base(platform));
        }
        sdk.pushManifest(index.toRaw(), "v1");
        Path tools = Files.createDirectories(directory.resolve("tools/bin"));
        Files.writeString(tools.resolve("buildsys"), "#!/bin/sh\n");
        assertThat(tools.resolve("buildsys").toFile().setExecutable(true)).isTrue();
        Files.writeString(directory.resolve("tools/Makefile.toml"), "[tasks]\n");
    }

    /** As docker makes one: a plain layer, a gzip layer, and a configuration with more than Jib knows. */
    private Descriptor base(Platform platform) throws IOException {
        Layer plain = TarLayer.at(0)
                .file("etc/passwd", "builder:x:1000:1000::/home/builder:/bin/sh\n".getBytes(UTF_8), 0644)
                .file("etc/sdk-release", platform.toString().getBytes(UTF_8), 0644)
                .writeTo(directory.resolve("plain.tar"));
        Layer other = TarLayer.at(0).file("usr/bin/cc", new byte[0], 0755).writeTo(directory.resolve("other.tar"));
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            Files.copy(other.file(), out);
        }
        Descriptor compressed = Descriptor.of(MediaTypes.LAYER_GZIP, gzip.toByteArray());
        byte[] config = """
                {"architecture":"%s","os":"linux","created":"2024-01-01T00:00:00Z","config":{"User":"builder",
                 "Env":["PATH=/usr/bin","GO_MAJOR=1.23"],"Cmd":["/bin/bash"],"Entrypoint":["/bin/sh"],
                 "WorkingDir":"/home/builder","StopSignal":"SIGKILL","Labels":{"sdk":"yes"}},
                 "history":[{"created":"2024-01-01T00:00:00Z","created_by":"docker"},
                            {"created":"2024-01-01T00:00:00Z","created_by":"docker too"}],
                 "rootfs":{"type":"layers","diff_ids":["%s","%s"]}}""".formatted(platform.architecture(), plain.diffId(), other.diffId())
                .getBytes(UTF_8);
        Descriptor configBlob = Descriptor.of(MediaTypes.CONFIG, config);
        sdk.pushBlob(plain.descriptor(), BlobSource.of(plain.file()));
        sdk.pushBlob(compressed, BlobSource.of(gzip.toByteArray()));
        sdk.pushBlob(configBlob, BlobSource.of(config));
        RawManifest manifest =
                new ImageManifest(configBlob, List.of(plain.descriptor(), compressed), java.util.Map.of()).toRaw();
        return sdk.pushManifest(manifest).withPlatform(platform);
    }

    private ImageOnBase onBase(Platform platform) {
        return ImageOnBase.of(sdk, "v1", platform)
                .directory("/opt/twoliter", directory.resolve("tools"))
                .label("tool", "twoliter")
                .environment("TWOLITER", "/opt/twoliter");
    }

    private ImageManifest manifest(Repository repository, Descriptor image) {
        return ImageManifest.parse(
                "image",
                ImageReader.manifest(repository, image.digest().toString()).bytes());
    }

    private JsonNode config(Repository repository, ImageManifest image) throws IOException {
        return Json.parse("config", repository.blob(image.config()).readAllBytes());
    }

    @Test
    void the_layers_of_the_base_are_shared_and_its_configuration_is_kept() throws IOException {
        Descriptor image = onBase(ARM64).publish(target, "v1");

        ImageManifest made = manifest(target, image);
        ImageManifest base = manifest(
                sdk,
                ImageIndex.parse("i", sdk.manifest("v1").orElseThrow().bytes())
                        .image(ARM64)
                        .orElseThrow());
        assertThat(image.platform()).contains(ARM64);
        assertThat(made.layers()).hasSize(3).startsWith(base.layers().toArray(Descriptor[]::new));
        JsonNode config = config(target, made);
        assertThat(config.at("/architecture").asText()).isEqualTo("arm64");
        assertThat(config.at("/config/User").asText()).isEqualTo("builder");
        assertThat(config.at("/config/WorkingDir").asText()).isEqualTo("/home/builder");
        assertThat(config.at("/config/Entrypoint/0").asText()).isEqualTo("/bin/sh");
        assertThat(config.at("/config/Cmd/0").asText()).isEqualTo("/bin/bash");
        assertThat(config.at("/config/StopSignal").asText()).isEqualTo("SIGKILL");
        assertThat(config.at("/config/Labels/sdk").asText()).isEqualTo("yes");
        assertThat(config.at("/config/Labels/tool").asText()).isEqualTo("twoliter");
        assertThat(config.at("/config/Env").toString())
                .contains("PATH=/usr/bin", "GO_MAJOR=1.23", "TWOLITER=/opt/twoliter");
        assertThat(config.at("/created").asText()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(config.at("/rootfs/diff_ids")).hasSize(3);
        assertThat(config.at("/history/2/created_by").asText()).isEqualTo("twoliter:1");
        Path tree = directory.resolve("tree");
        for (Descriptor layer : made.layers()) {
            LayerUnpacker.unpack(target.blob(layer), directory.resolve("layer"), "layer")
                    .moveOnto(tree);
        }
        assertThat(tree.resolve("opt/twoliter/bin/buildsys")).isExecutable();
        assertThat(tree.resolve("opt/twoliter/Makefile.toml")).hasContent("[tasks]");
        assertThat(tree.resolve("etc/sdk-release")).hasContent("linux/arm64");
    }

    @Test
    void the_same_base_and_files_give_the_same_digest_wherever_they_are() throws IOException {
        Descriptor first = onBase(AMD64).publish(target);
        Path copy = Files.createDirectories(directory.resolve("copy/bin"));
        Files.copy(directory.resolve("tools/bin/buildsys"), copy.resolve("buildsys"));
        Files.copy(directory.resolve("tools/Makefile.toml"), directory.resolve("copy/Makefile.toml"));
        assertThat(copy.resolve("buildsys").toFile().setExecutable(true)).isTrue();

        Descriptor second = ImageOnBase.of(
                        sdk, sdk.manifest("v1").orElseThrow().digest().toString(), AMD64)
                .environment("TWOLITER", "/opt/twoliter")
                .label("tool", "twoliter")
                .directory("/opt/twoliter", directory.resolve("copy"))
                .publish(store.repository("again"));

        assertThat(second).isEqualTo(first);
        assertThat(onBase(ARM64).publish(target).digest()).isNotEqualTo(first.digest());
    }

    @Test
    void layers_of_the_base_are_not_read_to_be_assembled_nor_pushed_where_they_are() {
        List<Descriptor> read = new ArrayList<>();
        Repository counting = new ForwardingRepository(sdk) {
            @Override
            public java.io.InputStream blob(Descriptor descriptor) {
                read.add(descriptor);
                return super.blob(descriptor);
            }
        };
        ImageOnBase.of(counting, "v1", AMD64).publish(target);
        assertThat(read)
                .filteredOn(blob -> !blob.mediaType().equals(MediaTypes.CONFIG))
                .hasSize(2);
        read.clear();

        ImageOnBase.of(counting, "v1", AMD64)
                .directory("/opt/twoliter", directory.resolve("tools"))
                .publish(target);

        assertThat(read).isNotEmpty().allMatch(blob -> blob.mediaType().equals(MediaTypes.CONFIG));
    }

    @Test
    void a_platform_that_the_base_lacks_and_paths_that_are_not_plain_are_refused() {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> ImageOnBase.of(sdk, "v1", new Platform("linux", "s390x")))
                .withMessageContaining("has no image for linux/s390x");
        for (String path : List.of("opt", "/", "/a/../b", "/a//b")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> onBase(AMD64).directory(path, directory.resolve("tools")));
        }
    }

    @Test
    @Peer("skopeo")
    void skopeo_reads_the_archive_for_docker_load() throws IOException {
        Path file = directory.resolve("tools.tar");
        Descriptor image = onBase(AMD64).writeDockerArchive(file, "twoliter:1.0");
        Path again = directory.resolve("again.tar");
        assertThat(onBase(AMD64).writeDockerArchive(again, "twoliter:1.0")).isEqualTo(image);
        assertThat(again).hasSameBinaryContentAs(file);

        JsonNode inspected = Json.parse(
                "skopeo",
                Command.output("skopeo", "inspect", "docker-archive:" + file).getBytes(UTF_8));
        JsonNode config = Json.parse(
                "skopeo",
                Command.output("skopeo", "inspect", "--config", "docker-archive:" + file)
                        .getBytes(UTF_8));

        assertThat(inspected.at("/Architecture").asText()).isEqualTo("amd64");
        assertThat(inspected.at("/Layers")).hasSize(3);
        assertThat(config.at("/config/User").asText()).isEqualTo("builder");
        Command.output(
                "skopeo", "copy", "docker-archive:" + file + ":twoliter:1.0", "oci:" + directory.resolve("o") + ":t");
    }

    @Test
    @Peer({"skopeo", "umoci", "docker-registry"})
    void the_base_may_be_in_a_registry_and_umoci_unpacks_what_is_made() throws Exception {
        try (DockerRegistry registry = DockerRegistry.start(Files.createDirectory(directory.resolve("registry")));
                ImageStore remote = ImageStore.open(
                        registry.host() + "/x", StoreOptions.builder().build())) {
            ImageCopier.copy(
                    sdk,
                    "v1",
                    remote.repository("sdk"),
                    "v1",
                    CopyOptions.builder().build());
            Descriptor expected = onBase(AMD64).publish(target);

            Descriptor made = ImageOnBase.of(remote.repository("sdk"), "v1", AMD64)
                    .directory("/opt/twoliter", directory.resolve("tools"))
                    .label("tool", "twoliter")
                    .environment("TWOLITER", "/opt/twoliter")
                    .publish(remote.repository("tools"), "v1");

            assertThat(made).isEqualTo(expected);
            Command.output(
                    "skopeo",
                    "copy",
                    "--src-tls-verify=false",
                    "docker://" + registry.host() + "/x/tools:v1",
                    "oci:" + directory.resolve("o") + ":t");
            Command.output(
                    "umoci",
                    "unpack",
                    "--rootless",
                    "--image",
                    directory.resolve("o") + ":t",
                    directory.resolve("bundle"));
            assertThat(directory.resolve("bundle/rootfs/opt/twoliter/bin/buildsys"))
                    .isExecutable();
        }
    }
}
