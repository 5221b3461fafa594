package dev.twoliter.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.PublishException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.VerificationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCopierTest {

    private static final Platform AMD64 = new Platform("linux", "amd64");
    private static final Platform ARM64 = new Platform("linux", "arm64");

    @TempDir
    Path directory;

    private Repository source;
    private Repository target;

    @BeforeEach
    void open() {
        source = layout("source");
        target = layout("target");
    }

    private Repository layout(String name) {
        StoreOptions options = StoreOptions.builder().baseDirectory(directory).build();
        return ImageStore.open("oci:" + name, options).repository("kit");
    }

    private static CopyOptions.Builder options() {
        return CopyOptions.builder();
    }

    private BuiltImage image(Arch arch) {
        Layer common =
                TarLayer.at(0).file("etc/both", "both".getBytes(UTF_8), 0644).writeTo(directory.resolve("both"));
        Layer own = TarLayer.at(0)
                .file("etc/arch", arch.toString().repeat(50_000).getBytes(UTF_8), 0644)
                .writeTo(directory.resolve("layer-" + arch));
        return ImageBuilder.forArch(arch).addLayer(common).addLayer(own).build();
    }

    /** An index over two images that share a layer, tagged v1. */
    private Digest publish() {
        ImageIndex index = ImageIndex.of(List.of());
        for (Arch arch : Arch.values()) {
            index = index.with(image(arch).pushTo(source));
        }
        return source.pushManifest(index.toRaw(), "v1").digest();
    }

    private ImageSigningKey key(String name) {
        Path file = directory.resolve(name);
        ImageKeys.generate(file, directory.resolve(name + ".pub"));
        return ImageKeys.load(KeyFile.of(file));
    }

    @Test
    void everything_arrives_under_its_digest() throws IOException {
        Digest index = publish();

        CopyResult result =
                ImageCopier.copy(source, "v1", target, "v2", options().build());

        assertThat(result.root().digest()).isEqualTo(index);
        assertThat(result.images()).isEqualTo(2);
        // The layer that both have is one blob.
        assertThat(result.copiedBlobs()).isEqualTo(5);
        assertThat(result.presentBlobs()).isZero();
        assertThat(target.tags()).containsExactly("v2");
        assertThat(target.manifest("v2").orElseThrow().bytes())
                .isEqualTo(source.manifest("v1").orElseThrow().bytes());
        ImageInspection there = ImageInspection.of(target, "v2");
        assertThat(there.images())
                .extracting(one -> one.descriptor().platformOrNull())
                .containsExactly(AMD64, ARM64);
        for (ImageInspection.Image image : there.images()) {
            for (Descriptor layer : image.layers()) {
                target.blob(layer).readAllBytes();
            }
        }
    }

    @Test
    void what_is_there_is_not_copied_again() {
        publish();
        ImageCopier.copy(source, "v1", target, "v1", options().build());
        long[] told = new long[2];

        CopyResult again = ImageCopier.copy(
                source,
                "v1",
                target,
                "v1",
                options()
                        .listener((bytes, total) -> {
                            told[0] = bytes;
                            told[1] = total;
                        })
                        .build());

        assertThat(again.copiedBlobs()).isZero();
        assertThat(again.presentBlobs()).isEqualTo(5);
        assertThat(again.presentBytes()).isPositive().isEqualTo(told[1]).isEqualTo(told[0]);
    }

    @Test
    void one_platform_is_copied_alone() {
        publish();
        Digest arm =
                ImageInspection.of(source, "v1").images().get(1).descriptor().digest();

        CopyResult result = ImageCopier.copy(
                source, "v1", target, "arm", options().platform(ARM64).build());

        assertThat(result.root().digest()).isEqualTo(arm);
        assertThat(result.copiedBlobs()).isEqualTo(3);
        assertThat(ImageInspection.of(target, "arm").isIndex()).isFalse();
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> ImageCopier.copy(
                        source,
                        "v1",
                        target,
                        "arm",
                        options().platform(new Platform("linux", "riscv64")).build()))
                .withMessageContaining("has no image for linux/riscv64")
                .satisfies(e -> assertThat(e.hint()).contains("It has linux/amd64, linux/arm64."));
    }

    @Test
    void progress_grows_to_the_total() {
        publish();
        List<Long> bytes = new ArrayList<>();
        List<Long> totals = new ArrayList<>();

        CopyResult result = ImageCopier.copy(
                source,
                "v1",
                target,
                "v1",
                options()
                        .parallelism(1)
                        .listener((at, total) -> {
                            bytes.add(at);
                            totals.add(total);
                        })
                        .build());

        assertThat(bytes).isSorted().last().isEqualTo(result.copiedBytes());
        assertThat(totals).containsOnly(result.copiedBytes());
    }

    @Test
    void no_more_blobs_than_allowed_are_copied_at_once() {
        publish();
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Repository slow = new ForwardingRepository(target) {
            @Override
            public void pushBlob(Descriptor descriptor, BlobSource content) {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                super.pushBlob(descriptor, () -> {
                    try {
                        Thread.sleep(50);
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    return content.open();
                });
                now.decrementAndGet();
            }
        };

        ImageCopier.copy(source, "v1", slow, "v1", options().parallelism(2).build());

        assertThat(most).hasValue(2);
    }

    @Test
    void signatures_of_the_index_and_of_each_image_come_along_on_request() {
        Digest index = publish();
        ImageSigningKey key = key("key");
        List<ImagePublicKey> trusted = List.of(ImageKeys.loadPublic(directory.resolve("key.pub")));
        ImageSignatures.sign(source, index, key);
        Digest arm =
                ImageInspection.of(source, "v1").images().get(1).descriptor().digest();
        ImageSignatures.sign(source, arm, key);

        ImageCopier.copy(source, "v1", target, "bare", options().build());
        assertThat(target.tags()).containsExactly("bare");
        CopyResult result = ImageCopier.copy(
                source, "v1", target, "v1", options().signatures(true).build());

        assertThat(result.signatures())
                .containsExactlyInAnyOrder(ImageSignatures.tagOf(index), ImageSignatures.tagOf(arm));
        ImageSignatures.verify(target, index, trusted);
        ImageSignatures.verify(target, arm, trusted);
        ImageInspection there = ImageInspection.of(target, "v1");
        assertThat(there.signatures()).isEqualTo(1);
        assertThat(there.images()).extracting(ImageInspection.Image::signatures).containsExactly(0, 1);
    }

    @Test
    void signatures_in_bundles_come_along_too_and_are_added_to_those_of_the_target() throws IOException {
        Digest index = publish();
        ImageSigningKey ours = key("ours");
        ImageSigningKey theirs = key("theirs");
        ImageSignatures.sign(source, index, ours, SignatureForm.BUNDLE);
        CopyOptions signed = options().signatures(true).build();
        ImageCopier.copy(source, "v1", target, "v1", options().build());
        ImageSignatures.sign(target, index, theirs, SignatureForm.BUNDLE);

        String list = Repository.referrersTag(index);
        assertThat(ImageCopier.copy(source, "v1", target, "v1", signed).signatures())
                .containsExactly(list);
        ImageVerification found = ImageSignatures.check(target, index, List.of(ours.publicKey(), theirs.publicKey()));
        assertThat(found.signers()).hasSize(2);
        assertThat(ImageCopier.copy(source, "v1", target, "v1", signed).signatures())
                .isEmpty();

        Path file = directory.resolve("kit.tar");
        ImageCopier.copyToArchive(source, "v1", file, "v1", signed);
        try (OciArchive archive = OciArchive.open(file)) {
            ImageSignatures.verify(archive.repository(), index, List.of(ours.publicKey()));
        }
    }

    @Test
    void signatures_that_only_the_target_has_are_not_lost() {
        Digest index = publish();
        ImageSignatures.sign(source, index, key("theirs"));
        CopyOptions signed = options().signatures(true).build();
        ImageCopier.copy(source, "v1", target, "v1", signed);
        ImageSignatures.sign(target, index, key("ours"));

        // The target has more than the source: nothing to do.
        assertThat(ImageCopier.copy(source, "v1", target, "v1", signed).signatures())
                .isEmpty();
        ImageSignatures.sign(source, index, key("new"));

        assertThatExceptionOfType(PublishException.class)
                .isThrownBy(() -> ImageCopier.copy(source, "v1", target, "v1", signed))
                .withMessageContaining("has 1 signatures that the source does not have");
        assertThat(ImageInspection.of(target, "v1").signatures()).isEqualTo(2);
    }

    @Test
    void an_archive_holds_the_whole_index_and_is_a_source_again() throws IOException {
        Digest index = publish();
        ImageSignatures.sign(source, index, key("key"));
        Path file = directory.resolve("kit.tar");
        CopyOptions signed = options().signatures(true).build();

        ImageCopier.copyToArchive(source, "v1", file, "v1", signed);

        Path second = directory.resolve("second.tar");
        ImageCopier.copyToArchive(source, "v1", second, "v1", signed);
        assertThat(second).hasSameBinaryContentAs(file);
        try (OciArchive archive = OciArchive.open(file)) {
            assertThat(archive.repository().tags()).containsExactly(ImageSignatures.tagOf(index), "v1");
            CopyResult back = ImageCopier.copy(archive.repository(), "v1", target, "v1", signed);
            assertThat(back.root().digest()).isEqualTo(index);
            assertThat(back.signatures()).containsExactly(ImageSignatures.tagOf(index));
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(archive::image)
                    .withMessageContaining("it holds 2 images instead of one")
                    .satisfies(e -> assertThat(e.hint().orElseThrow()).startsWith("Name one of them: "));
            assertThatExceptionOfType(RegistryException.class)
                    .isThrownBy(() -> ImageCopier.copy(source, "v1", archive.repository(), "v2", signed))
                    .withMessageContaining("cannot be added to");
        }
    }

    @Test
    void what_is_missing_or_incomplete_is_said_and_nothing_is_tagged() throws IOException {
        Digest index = publish();
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() ->
                        ImageCopier.copy(source, "v9", target, "v1", options().build()))
                .withMessageContaining("oci:source/kit:v9 does not exist");
        Descriptor arm = ImageInspection.of(source, "v1").images().get(1).descriptor();
        Path blobs = directory.resolve("source/kit/blobs/sha256");
        Path manifest = blobs.resolve(arm.digest().hex());
        byte[] bytes = Files.readAllBytes(manifest);
        Files.delete(manifest);
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> ImageCopier.copy(
                        source, index.toString(), target, "v1", options().build()))
                .withMessageContaining("for linux/arm64 that it names is not there");
        Files.write(manifest, bytes);
        Path layer = blobs.resolve(
                ImageManifest.parse("m", bytes).layers().get(1).digest().hex());
        byte[] content = Files.readAllBytes(layer);
        content[600] ^= 1;
        Files.write(layer, content);
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() ->
                        ImageCopier.copy(source, "v1", target, "v1", options().build()));
        assertThat(target.tags()).isEmpty();
        content[600] ^= 1;
        Files.write(layer, content);

        CopyResult completed =
                ImageCopier.copy(source, "v1", target, "v1", options().build());

        assertThat(completed.root().digest()).isEqualTo(index);
        assertThat(completed.copiedBlobs()).isLessThanOrEqualTo(5);
    }

    @Test
    void indexes_that_are_nested_without_end_are_refused() {
        RawManifest index = ImageIndex.of(List.of()).toRaw();
        for (int depth = 0; depth < 6; depth++) {
            source.pushManifest(index);
            index = ImageIndex.of(List.of(index.descriptor())).toRaw();
        }
        source.pushManifest(index, "deep");
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() ->
                        ImageCopier.copy(source, "deep", target, "v1", options().build()))
                .withMessageContaining("nested more than 4 deep");
    }

    @Test
    void images_built_elsewhere_become_one_index() {
        for (Arch arch : Arch.values()) {
            image(arch).pushTo(target, "v1-" + arch);
        }

        ImageIndex index = ImageIndex.of(List.of())
                .with(ImageReader.describe(target, "v1-aarch64"))
                .with(ImageReader.describe(target, "v1-x86_64"));
        target.pushManifest(index.toRaw(), "v1");

        assertThat(index.toRaw().digest()).isEqualTo(publish());
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> ImageReader.describe(target, "v1"))
                .withMessageContaining("it is an index");
    }
}
