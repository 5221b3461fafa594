package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {

    @TempDir
    Path directory;

    private ImageStore store;
    private Repository repository;

    @BeforeEach
    void open() {
        store = ImageStore.open(
                "oci:registry", StoreOptions.builder().baseDirectory(directory).build());
        repository = store.repository("demo");
    }

    private Path blob(Digest digest) {
        return directory.resolve("registry/demo/blobs/sha256").resolve(digest.hex());
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void what_was_pushed_is_read_back_to_the_byte() throws IOException {
        RawManifest index = TestImages.publish(repository, directory, "v1.0.0");

        RawManifest read = repository.manifest("v1.0.0").orElseThrow();
        assertThat(read.bytes()).isEqualTo(index.bytes());
        assertThat(read.mediaType()).isEqualTo(MediaTypes.INDEX);
        assertThat(repository.tags()).containsExactly("v1.0.0", "v1.0.0-aarch64", "v1.0.0-x86_64");
        ImageIndex parsed = ImageIndex.parse("test", read.bytes());
        assertThat(parsed.manifests())
                .extracting(d -> d.platform().orElseThrow().architecture())
                .containsExactly("amd64", "arm64");
        Descriptor image = parsed.manifests().get(0);
        ImageManifest manifest = ImageManifest.parse(
                "test",
                repository.manifest(image.digest().toString()).orElseThrow().bytes());
        try (InputStream in = repository.blob(manifest.config())) {
            ImageConfig config = ImageConfig.parse("test", in.readAllBytes());
            assertThat(config.labels()).containsEntry("a.label", "value");
            assertThat(config.diffIds())
                    .isEqualTo(
                            manifest.layers().stream().map(Descriptor::digest).toList());
        }
    }

    @Test
    void the_same_image_has_the_same_digest() {
        assertThat(TestImages.image(directory, Arch.X86_64, "x").descriptor())
                .isEqualTo(TestImages.image(directory, Arch.X86_64, "x").descriptor());
    }

    @Test
    void a_tag_moves_to_what_it_was_last_given_to() {
        TestImages.publish(repository, directory, "v1.0.0");
        BuiltImage other = TestImages.image(directory, Arch.X86_64, "other");
        other.pushTo(repository, "v1.0.0");
        assertThat(repository.manifest("v1.0.0").orElseThrow().digest())
                .isEqualTo(other.descriptor().digest());
        assertThat(repository.tags()).doesNotHaveDuplicates();
    }

    @Test
    void what_is_not_there_is_empty_or_an_error_that_says_so() {
        assertThat(repository.manifest("v9")).isEmpty();
        assertThat(repository.manifest("sha256:" + "0".repeat(64))).isEmpty();
        assertThat(repository.tags()).isEmpty();
        assertThatThrownBy(() -> repository.blob(Descriptor.of("x", TestImages.bytes("gone"))))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("oci:registry/demo lacks the blob sha256:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/../b", "/a", "a b", "a//b", "."})
    void a_repository_never_leaves_the_store(String name) {
        assertThatThrownBy(() -> store.repository(name)).isInstanceOf(RegistryException.class);
    }

    @Test
    void a_flipped_byte_in_a_blob_is_refused_and_mended_by_publishing_anew() throws IOException {
        BuiltImage image = TestImages.image(directory, Arch.X86_64, "x");
        image.pushTo(repository, "v1");
        Descriptor layer = image.layers().get(0).descriptor();
        flip(blob(layer.digest()), 700);
        assertThatThrownBy(() -> {
                    try (InputStream in = repository.blob(layer)) {
                        in.readAllBytes();
                    }
                })
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("oci:registry/demo")
                .hasMessageContaining(layer.digest().toString())
                .satisfies(e -> assertThat(((TwoliterException) e).hint()).isPresent());

        image.pushTo(repository, "v1");
        try (InputStream in = repository.blob(layer)) {
            assertThat(in.readAllBytes()).hasSize((int) layer.size());
        }
    }

    @Test
    void a_flipped_byte_in_a_manifest_is_refused() throws IOException {
        RawManifest index = TestImages.publish(repository, directory, "v1");
        flip(blob(index.digest()), 20);
        assertThatThrownBy(() -> repository.manifest("v1"))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining(blob(index.digest()).toString());
    }

    @Test
    void a_damaged_index_of_the_layout_is_refused_by_name() throws IOException {
        TestImages.publish(repository, directory, "v1");
        Path index = directory.resolve("registry/demo/index.json");
        byte[] whole = Files.readAllBytes(index);
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(index, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> repository.tags())
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("index.json");
        }
    }

    @Test
    void content_that_is_not_what_its_descriptor_says_is_not_stored() throws IOException {
        Descriptor right = Descriptor.of("x", TestImages.bytes("right"));
        assertThatThrownBy(() -> repository.pushBlob(right, BlobSource.of(TestImages.bytes("wrong"))))
                .isInstanceOf(VerificationException.class);
        assertThat(repository.has(right.digest())).isFalse();
        try (Stream<Path> left = Files.list(directory.resolve("registry/demo/blobs/sha256"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void writers_at_the_same_time_lose_no_tag() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                int number = writer;
                writers.add(pool.submit(() -> {
                    for (int tag = 0; tag < 25; tag++) {
                        byte[] manifest = TestImages.bytes("{\"config\":{},\"n\":" + number + ",\"t\":" + tag + "}");
                        ImageStore.open(
                                        "oci:registry",
                                        StoreOptions.builder()
                                                .baseDirectory(directory)
                                                .build())
                                .repository("demo")
                                .pushManifest(RawManifest.of(MediaTypes.MANIFEST, manifest), "w" + number + "-" + tag);
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(repository.tags()).hasSize(100);
    }

    @Test
    @Peer("skopeo")
    void skopeo_reads_and_copies_what_we_write_and_we_read_what_skopeo_writes() throws IOException {
        Files.createDirectory(directory.resolve("copied"));
        RawManifest index = TestImages.publish(repository, directory, "v1.0.0");
        String ours = "oci:" + directory.resolve("registry/demo") + ":v1.0.0";
        assertThat(Command.output("skopeo", "inspect", "--override-arch", "arm64", ours))
                .contains("\"Architecture\": \"arm64\"", "\"a.label\": \"value\"");
        Command.output(
                "skopeo",
                "copy",
                "-q",
                "--all",
                "--preserve-digests",
                ours,
                "oci:" + directory.resolve("copied/x") + ":v2");
        Repository copied = ImageStore.open(
                        "oci:copied",
                        StoreOptions.builder().baseDirectory(directory).build())
                .repository("x");
        assertThat(copied.manifest("v2").orElseThrow().digest()).isEqualTo(index.digest());
        Command.output("skopeo", "copy", "-q", ours, "dir:" + directory.resolve("flat"));
        assertThat(directory.resolve("flat/manifest.json")).isRegularFile();
    }
}
