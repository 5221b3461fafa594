package dev.twoliter.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

class AssembledImageTest {

    private static final Platform AMD64 = new Platform("linux", "amd64");
    private static final Platform ARM64 = new Platform("linux", "arm64");

    private static AssembledImage sdk() {
        return AssembledImage.fromScratch()
                .file("/etc/sdk-release", "stand-in\n".getBytes(UTF_8))
                .file("/etc/a b", new byte[0])
                .label("dev.example.b", "2")
                .label("dev.example.a", "1")
                .platforms(List.of(AMD64, ARM64));
    }

    @Test
    void an_index_names_one_image_for_each_platform_in_order() {
        MemoryRepository repository = new MemoryRepository();
        Descriptor index = sdk().publish(repository, "v1", "latest");

        assertThat(index.mediaType()).isEqualTo(MediaTypes.INDEX);
        assertThat(repository.tags()).containsExactly("latest", "v1");
        RawManifest stored = repository.manifest("v1").orElseThrow();
        assertThat(stored.descriptor()).isEqualTo(index);
        List<Descriptor> images = ImageIndex.parse("index", stored.bytes()).manifests();
        assertThat(images).extracting(Descriptor::platformOrNull).containsExactly(AMD64, ARM64);
        for (Descriptor image : images) {
            RawManifest raw = repository.manifest(image.digest().toString()).orElseThrow();
            assertThat(image.size()).isEqualTo(raw.bytes().length);
            ImageManifest manifest = ImageManifest.parse("manifest", raw.bytes());
            assertThat(repository.has(manifest.config().digest())).isTrue();
            assertThat(manifest.layers()).extracting(Descriptor::mediaType).containsExactly(MediaTypes.LAYER_GZIP);
            String config =
                    new String(repository.blobs.get(manifest.config().digest().toString()), UTF_8);
            assertThat(config)
                    .contains("\"architecture\":\"" + image.platformOrNull().architecture() + "\"")
                    .contains("\"dev.example.a\":\"1\"")
                    .contains("\"created\":\"1970-01-01T00:00:00Z\"")
                    .contains("twoliter:1");
        }
    }

    @Test
    void the_layer_holds_the_files_as_root_at_the_epoch() throws IOException {
        MemoryRepository repository = new MemoryRepository();
        sdk().publish(repository, "v1");
        Descriptor image = ImageIndex.parse(
                        "i", repository.manifest("v1").orElseThrow().bytes())
                .manifests()
                .get(0);
        Descriptor layer = ImageManifest.parse(
                        "m",
                        repository
                                .manifest(image.digest().toString())
                                .orElseThrow()
                                .bytes())
                .layers()
                .get(0);
        byte[] bytes = repository.blobs.get(layer.digest().toString());
        int files = 0;
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(bytes)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                assertThat(entry.getLongUserId()).isZero();
                if (entry.isFile()) {
                    files++;
                    assertThat(entry.getLastModifiedTime().toMillis()).isZero();
                    assertThat(entry.getMode() & 0777).isEqualTo(0644);
                }
                if (entry.getName().equals("etc/sdk-release")) {
                    assertThat(new String(tar.readAllBytes(), UTF_8)).isEqualTo("stand-in\n");
                }
            }
        }
        assertThat(files).isEqualTo(2);
    }

    @Test
    void the_same_content_gives_the_same_digest_on_every_run_and_machine() {
        Descriptor first = sdk().publish(new MemoryRepository(), "v1");
        Descriptor second = sdk().publish(new MemoryRepository());
        assertThat(second).isEqualTo(first);
        // Known from the class path and the module path; changes only when Jib, or what it is told, changes.
        assertThat(first.digest())
                .hasToString("sha256:6f923c299ccc2486c29b6bad817aef3c0022661da813ba8f2809fbe1131ca62a");
    }

    @Test
    void nothing_is_left_in_the_temporary_directory() throws IOException {
        sdk().publish(new MemoryRepository(), "v1");
        String ours = "twoliter-image-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> list = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertThat(list.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith(ours));
        }
    }

    @Test
    void paths_that_are_not_plain_are_refused() {
        for (String path : List.of("etc/x", "/", "/a/../b", "/a//b", "/./a", "/a/", "/a\0b")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AssembledImage.fromScratch().file(path, new byte[0]));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AssembledImage.fromScratch().platforms(List.of()));
    }
}
