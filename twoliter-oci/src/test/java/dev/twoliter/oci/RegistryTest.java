package dev.twoliter.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.api.Digest;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.DockerRegistry;
import dev.twoliter.testing.Peer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the real registry. */
@Peer({"docker-registry", "skopeo"})
class RegistryTest {

    @TempDir
    static Path directory;

    static DockerRegistry registry;
    static ImageStore store;

    @BeforeAll
    static void start() throws Exception {
        registry = DockerRegistry.start(directory);
        store = open(registry.host() + "/team");
    }

    @AfterAll
    static void stop() throws Exception {
        store.close();
        registry.close();
    }

    private static ImageStore open(String name) {
        return ImageStore.open(name, StoreOptions.builder().build());
    }

    private static byte[] noise(int seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void a_blob_comes_back_as_it_went() throws IOException {
        Repository repository = store.repository("blobs");
        byte[] bytes = noise(1, 3_000_000);
        Descriptor blob = Descriptor.of(MediaTypes.LAYER_TAR, bytes);
        assertThat(repository.has(blob.digest())).isFalse();

        repository.pushBlob(blob, BlobSource.of(bytes));

        assertThat(repository.has(blob.digest())).isTrue();
        try (InputStream in = repository.blob(blob)) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void the_rest_of_a_blob_is_read_from_an_offset() throws IOException {
        byte[] content = new byte[100_000];
        new java.util.Random(1).nextBytes(content);
        Repository repository = store.repository("ranges");
        Descriptor blob = Descriptor.of(MediaTypes.LAYER_TAR, content);
        repository.pushBlob(blob, BlobSource.of(content));
        for (int offset : new int[] {0, 1, 65_536, 99_999}) {
            try (InputStream in = repository.blob(blob, offset)) {
                assertThat(in.readAllBytes()).isEqualTo(java.util.Arrays.copyOfRange(content, offset, content.length));
            }
        }
        Descriptor none = Descriptor.of(MediaTypes.LAYER_TAR, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> repository.blob(none, 1))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("there is no such blob");
    }

    @Test
    void a_blob_that_is_there_is_not_read_again() {
        Repository repository = store.repository("twice");
        byte[] bytes = noise(2, 100);
        Descriptor blob = Descriptor.of(MediaTypes.LAYER_TAR, bytes);
        repository.pushBlob(blob, BlobSource.of(bytes));
        repository.pushBlob(blob, () -> {
            throw new AssertionError("read again");
        });
        assertThat(repository.has(blob.digest())).isTrue();
    }

    @Test
    void a_blob_with_the_wrong_digest_or_size_is_not_stored() {
        Repository repository = store.repository("wrong");
        Descriptor blob = Descriptor.of(MediaTypes.LAYER_TAR, noise(3, 100));
        for (byte[] other : List.of(noise(4, 100), noise(3, 99), noise(3, 101))) {
            assertThatThrownBy(() -> repository.pushBlob(blob, () -> new ByteArrayInputStream(other)))
                    .isInstanceOf(VerificationException.class);
        }
        assertThat(repository.has(blob.digest())).isFalse();
    }

    @Test
    void a_blob_that_is_missing_is_a_404() {
        Descriptor blob = Descriptor.of(MediaTypes.LAYER_TAR, noise(5, 10));
        RegistryException e = catchThrowableOfType(
                RegistryException.class, () -> store.repository("none").blob(blob));
        assertThat(e.status()).isEqualTo(404);
        assertThat(e.retryable()).isFalse();
        assertThat(e.repository()).isEqualTo("team/none");
        assertThat(e.registry()).isEqualTo(registry.host());
    }

    @Test
    void a_manifest_keeps_its_bytes_and_is_found_by_tag_and_digest() {
        Repository repository = store.repository("manifests");
        byte[] config = "{}".getBytes(UTF_8);
        Descriptor descriptor = Descriptor.of(MediaTypes.CONFIG, config);
        repository.pushBlob(descriptor, BlobSource.of(config));
        // Spacing, member order and escapes that no serialiser would leave alone.
        byte[] bytes = ("{ \"layers\" : [],\n  \"config\":{\"size\":2,\"digest\":\"" + descriptor.digest()
                        + "\",\"mediaType\":\"" + MediaTypes.CONFIG
                        + "\"},\n\"annotations\":{\"n\":\"\\u0041 \u00e4\"},"
                        + "\"mediaType\":\"" + MediaTypes.MANIFEST + "\",\"schemaVersion\":2}\n")
                .getBytes(UTF_8);
        RawManifest manifest = RawManifest.of(MediaTypes.MANIFEST, bytes);

        assertThat(repository.pushManifest(manifest, "v1", "v2")).isEqualTo(manifest.descriptor());

        for (String reference : List.of("v1", "v2", manifest.digest().toString())) {
            RawManifest back = repository.manifest(reference).orElseThrow();
            assertThat(back.bytes()).isEqualTo(bytes);
            assertThat(back.mediaType()).isEqualTo(MediaTypes.MANIFEST);
        }
        assertThat(repository.tags()).containsExactly("v1", "v2");
    }

    @Test
    void a_manifest_without_tags_is_stored_by_digest() {
        Repository repository = store.repository("untagged");
        RawManifest index = ImageIndex.of(List.of()).toRaw();
        repository.pushManifest(index);
        assertThat(repository.manifest(index.digest().toString())).isPresent();
        assertThat(repository.tags()).isEmpty();
    }

    @Test
    void what_is_not_there_is_empty() {
        Repository repository = store.repository("nothing");
        assertThat(repository.manifest("v1")).isEmpty();
        assertThat(repository.manifest(Digest.ofBytes(new byte[1]).toString())).isEmpty();
        assertThat(repository.tags()).isEmpty();
    }

    @Test
    void many_tags_come_in_pages_and_are_sorted() {
        Repository repository = store.repository("pages");
        RawManifest index = ImageIndex.of(List.of()).toRaw();
        List<String> tags = IntStream.range(100, 230).mapToObj(i -> "t" + i).toList();
        repository.pushManifest(index, tags.toArray(String[]::new));
        assertThat(repository.tags()).isEqualTo(tags);
    }

    @Test
    void skopeo_reads_an_assembled_image() {
        Repository repository = store.repository("sdk");
        AssembledImage.fromScratch()
                .file("/etc/sdk-release", "x".getBytes(UTF_8))
                .label("dev.example", "yes")
                .platforms(List.of(new Platform("linux", "amd64"), new Platform("linux", "arm64")))
                .publish(repository, "v1");
        String reference = "docker://" + registry.host() + "/team/sdk:v1";
        assertThat(Command.output("skopeo", "inspect", "--tls-verify=false", "--override-arch=arm64", reference))
                .contains("\"Architecture\": \"arm64\"")
                .contains("\"dev.example\": \"yes\"");
        assertThat(Command.output("skopeo", "inspect", "--raw", "--tls-verify=false", reference))
                .isEqualTo(new String(repository.manifest("v1").orElseThrow().bytes(), UTF_8));
    }

    @Test
    void skopeo_writes_what_is_read_here(@TempDir Path layout) {
        Repository repository = store.repository("copied");
        AssembledImage.fromScratch().file("/a", new byte[1]).publish(store.repository("original"), "v1");
        String base = "docker://" + registry.host() + "/team/";
        Command.output(
                "skopeo",
                "copy",
                "--all",
                "--src-tls-verify=false",
                "--dest-tls-verify=false",
                base + "original:v1",
                base + "copied:v9");
        assertThat(repository.manifest("v9").orElseThrow().bytes())
                .isEqualTo(store.repository("original")
                        .manifest("v1")
                        .orElseThrow()
                        .bytes());
        assertThat(repository.tags()).containsExactly("v9");
    }

    @Test
    void a_tag_that_is_none_is_refused_before_anything_is_sent() {
        Repository repository = store.repository("tags");
        for (String tag : List.of("", "../x", "a/b", "a b", "-a", "x".repeat(129))) {
            assertThatIllegalArgumentException().isThrownBy(() -> repository.manifest(tag));
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            repository.pushManifest(ImageIndex.of(List.of()).toRaw(), tag));
        }
    }
}
