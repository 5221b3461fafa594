package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutStoreTest {

    @TempDir
    Path directory;

    private Repository repository;

    @BeforeEach
    void open() {
        repository = open("kit");
    }

    private Repository open(String name) {
        return ImageStore.open(
                        "oci:" + directory.resolve("store"),
                        StoreOptions.builder().build())
                .repository(name);
    }

    private BuiltImage image(Arch arch) {
        Layer layer = TarLayer.at(0)
                .file("arch", arch.toString().getBytes(StandardCharsets.UTF_8), 0644)
                .writeTo(directory.resolve(arch + ".tar"));
        return ImageBuilder.forArch(arch).addLayer(layer).build();
    }

    private RawManifest pushIndex(String... tags) {
        List<Descriptor> images = new ArrayList<>();
        for (Arch arch : List.of(Arch.AARCH64, Arch.X86_64)) {
            images.add(image(arch).pushTo(repository));
        }
        RawManifest index = ImageIndex.of(images).toRaw();
        repository.pushManifest(index, tags);
        return index;
    }

    private Path blob(Digest digest) {
        return directory.resolve("store/kit/blobs/sha256").resolve(digest.hex());
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void what_was_pushed_is_there_by_tag_and_by_digest() {
        RawManifest index = pushIndex("v1", "latest");
        assertThat(repository.tags()).containsExactly("latest", "v1");
        assertThat(repository.manifest("v1").orElseThrow().bytes()).isEqualTo(index.bytes());
        assertThat(repository.manifest(index.digest().toString()).orElseThrow().mediaType())
                .isEqualTo(MediaTypes.INDEX);
        assertThat(repository.manifest("v2")).isEmpty();
        assertThat(open("absent").manifest("v1")).isEmpty();
        assertThat(open("absent").tags()).isEmpty();
    }

    @Test
    void the_rest_of_a_blob_is_read_from_an_offset() throws IOException {
        byte[] content = {1, 2, 3, 4};
        Descriptor blob = Descriptor.of(MediaTypes.LAYER_TAR, content);
        repository.pushBlob(blob, BlobSource.of(content));
        try (InputStream in = repository.blob(blob, 3)) {
            assertThat(in.readAllBytes()).containsExactly(4);
        }
        assertThatThrownBy(() -> repository.blob(Descriptor.of(MediaTypes.LAYER_TAR, new byte[0]), 0))
                .isInstanceOf(RegistryException.class);
    }

    @Test
    void a_tag_moves_and_entries_of_others_stay_to_the_letter() throws IOException {
        RawManifest old = pushIndex("v1");
        Path file = directory.resolve("store/kit/index.json");
        String foreign =
                "{\"mediaType\":\"x/y\",\"digest\":\"" + old.digest() + "\",\"size\":1,\"artifactType\":\"a/b\","
                        + "\"platform\":{\"architecture\":\"arm\",\"os\":\"linux\",\"variant\":\"v8\"}}";
        Files.writeString(file, Files.readString(file).replace("\"manifests\":[", "\"manifests\":[" + foreign + ","));
        image(Arch.X86_64).pushTo(repository, "v1");
        assertThat(repository.tags()).containsExactly("v1");
        assertThat(repository.manifest("v1").orElseThrow().digest()).isNotEqualTo(old.digest());
        assertThat(repository.manifest(old.digest().toString())).isPresent();
        assertThat(file).content().contains(foreign);
    }

    @Test
    void names_that_are_none_are_refused() {
        for (String name : List.of("", ".", "..", "../x", "a/../b", "/etc", "a b", "a//b", "a\0b")) {
            assertThatExceptionOfType(RegistryException.class).isThrownBy(() -> open(name));
        }
        assertThat(ImageStore.open("oci:.", StoreOptions.builder().build())
                        .repository("x")
                        .name())
                .isEqualTo("x");
    }

    @Test
    void writers_do_not_lose_each_others_tags() throws Exception {
        RawManifest index = pushIndex();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int w = 0; w < 4; w++) {
                int writer = w;
                writers.add(pool.submit(() -> {
                    Repository own = open("kit");
                    for (int i = 0; i < 25; i++) {
                        own.pushManifest(index, "w" + writer + "-" + i);
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        } finally {
            pool.shutdown();
        }
        assertThat(repository.tags()).hasSize(100).doesNotHaveDuplicates();
        assertThat(directory.resolve("store/kit")).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void processes_do_not_lose_each_others_tags() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            processes.add(ChildJvm.start(
                    directory.resolve(name + ".log"), List.of(), TagMain.class, directory.resolve("store"), name, 40));
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }
        assertThat(repository.tags()).hasSize(120).doesNotHaveDuplicates();
        assertThat(directory.resolve("store/kit")).isDirectoryNotContaining("glob:**.part");
        assertThat(directory.resolve("store/kit/blobs/sha256")).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void a_writer_that_is_killed_leaves_a_layout_that_others_read_and_write() throws Exception {
        for (int round = 0; round < 3; round++) {
            Process process = ChildJvm.start(
                    directory.resolve("log"), List.of(), TagMain.class, directory.resolve("store"), "k", 100_000);
            int before = repository.tags().size();
            while (process.isAlive() && repository.tags().size() < before + 10 + round) {
                Thread.sleep(2);
            }
            process.destroyForcibly().waitFor();
            assertThat(process.exitValue()).isEqualTo(137);
            assertThat(repository.manifest("k-0")).isPresent();
            RawManifest index = pushIndex("mine-" + round);
            assertThat(repository.manifest("mine-" + round).orElseThrow().bytes())
                    .isEqualTo(index.bytes());
        }
        try (Stream<Path> blobs = Files.list(directory.resolve("store/kit/blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                String name = blob.getFileName().toString();
                if (!name.startsWith(".")) {
                    assertThat(Digest.ofBytes(Files.readAllBytes(blob)).hex()).isEqualTo(name);
                }
            }
        }
    }

    @Test
    void what_killed_writers_left_long_ago_is_deleted_and_what_others_write_now_is_not() throws IOException {
        pushIndex("v1");
        Path blobs = directory.resolve("store/kit/blobs/sha256");
        Path old = Files.write(blobs.resolve(".1.part"), new byte[1]);
        Path fresh = Files.write(blobs.resolve(".2.part"), new byte[1]);
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        pushIndex("v2");
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void a_blob_of_another_repository_is_taken_over_if_it_is_intact() throws IOException {
        byte[] content = {1, 2, 3, 4};
        Descriptor blob = Descriptor.of(MediaTypes.LAYER_TAR, content);
        Repository other = open("other");
        assertThat(other.mountBlob(blob, repository)).isEqualTo(BlobMount.ABSENT);
        repository.pushBlob(blob, BlobSource.of(content));
        assertThat(other.mountBlob(blob, repository)).isEqualTo(BlobMount.MOUNTED);
        assertThat(other.mountBlob(blob, repository)).isEqualTo(BlobMount.PRESENT);
        assertThat(other.blob(blob).readAllBytes()).isEqualTo(content);
        flip(blob(blob.digest()), 1);
        assertThat(open("third").mountBlob(blob, repository)).isEqualTo(BlobMount.ABSENT);
        assertThat(open("third").has(blob.digest())).isFalse();
    }

    @Test
    void flipped_bytes_are_noticed_and_pushing_anew_repairs_a_blob() throws IOException {
        BuiltImage image = image(Arch.X86_64);
        image.pushTo(repository, "v1");
        Descriptor layer = image.layers().get(0).descriptor();
        flip(blob(layer.digest()), 5);
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> repository.blob(layer).readAllBytes())
                .withMessageContaining("store/kit")
                .withMessageContaining(layer.digest().toString());
        image.pushTo(repository, "v1");
        assertThat(repository.blob(layer).readAllBytes()).hasSize((int) layer.size());

        flip(blob(image.manifest().digest()), 0);
        for (String reference : List.of("v1", image.manifest().digest().toString())) {
            assertThatExceptionOfType(VerificationException.class)
                    .isThrownBy(() -> repository.manifest(reference))
                    .withMessageContaining(image.manifest().digest().hex());
        }
        Files.delete(blob(image.manifest().digest()));
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> repository.manifest("v1"))
                .withMessageContaining("lacks the manifest");
    }

    @Test
    void a_damaged_index_is_refused_and_not_overwritten() throws IOException {
        RawManifest index = pushIndex("v1");
        Path file = directory.resolve("store/kit/index.json");
        for (String damage : List.of("", "{", "[]", "{\"manifests\":1}", "{\"manifests\":[1]}")) {
            Files.writeString(file, damage);
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> repository.manifest("v1"))
                    .withMessageContaining("index.json");
            assertThatExceptionOfType(FormatException.class).isThrownBy(() -> repository.pushManifest(index, "v2"));
            assertThat(file).hasContent(damage);
        }
    }

    @Test
    void content_that_is_not_what_its_descriptor_says_is_not_stored() {
        byte[] content = {1, 2, 3};
        Descriptor descriptor = Descriptor.of("x/y", content);
        for (byte[] wrong : List.of(new byte[] {1, 2, 4}, new byte[] {1, 2}, new byte[] {1, 2, 3, 4}, new byte[0])) {
            assertThatExceptionOfType(VerificationException.class)
                    .isThrownBy(() -> repository.pushBlob(descriptor, BlobSource.of(wrong)));
            assertThat(repository.has(descriptor.digest())).isFalse();
        }
    }

    @Test
    @Peer("skopeo")
    void skopeo_copies_our_index_and_we_read_its_layout() throws IOException {
        RawManifest index = pushIndex("v1");
        assertThat(Command.output("skopeo", "inspect", "--raw", "oci:" + directory.resolve("store/kit") + ":v1"))
                .isEqualTo(new String(index.bytes(), StandardCharsets.UTF_8));
        Files.createDirectories(directory.resolve("store/copy"));
        Command.output(
                "skopeo",
                "copy",
                "--all",
                "--preserve-digests",
                "oci:" + directory.resolve("store/kit") + ":v1",
                "oci:" + directory.resolve("store/copy") + ":v1");
        Repository copy = open("copy");
        assertThat(copy.tags()).containsExactly("v1");
        assertThat(copy.manifest("v1").orElseThrow().bytes()).isEqualTo(index.bytes());
        for (Descriptor one : ImageIndex.parse("index", index.bytes()).manifests()) {
            RawManifest manifest = copy.manifest(one.digest().toString()).orElseThrow();
            for (Descriptor layer : ImageManifest.parse("m", manifest.bytes()).layers()) {
                assertThat(copy.blob(layer).readAllBytes()).hasSize((int) layer.size());
            }
        }
        copy.pushManifest(index, "v2");
        assertThat(Command.output("skopeo", "inspect", "--raw", "oci:" + directory.resolve("store/copy") + ":v2"))
                .isEqualTo(new String(index.bytes(), StandardCharsets.UTF_8));
    }
}
