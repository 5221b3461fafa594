package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers, images and archives as we write them, and as others read them. */
class OciArchiveTest {

    @TempDir
    Path directory;

    private Layer layer(String name) {
        return TarLayer.at(1_700_000_000)
                .symlink("Packages", "kits/k/Packages")
                .file("kits/k/Packages/p/" + "long-".repeat(30) + ".rpm", "rpm".getBytes(), 0644)
                .file("kits/k/Packages/p/\u00fcber.rpm", "\u00fc".getBytes(), 0644)
                .file("bin/run", "run".getBytes(), 0755)
                .writeTo(directory.resolve(name));
    }

    private BuiltImage image() {
        return ImageBuilder.forArch(Arch.AARCH64)
                .label("dev.example", "value")
                .addLayer(layer("layer.tar"))
                .build();
    }

    @Test
    void the_same_entries_give_the_same_layer_whoever_writes_it() throws IOException {
        Layer first = layer("first.tar");
        String user = System.setProperty("user.name", "somebody-else");
        try {
            assertThat(layer("second.tar").file()).hasSameBinaryContentAs(first.file());
        } finally {
            System.setProperty("user.name", user);
        }
        byte[] bytes = Files.readAllBytes(first.file());
        assertThat(first.descriptor()).isEqualTo(Descriptor.of(MediaTypes.LAYER_TAR, bytes));
        assertThat(first.diffId()).isEqualTo(Digest.ofBytes(bytes));
    }

    @Test
    void names_that_no_layer_may_have_are_refused() {
        byte[] none = {};
        for (String name : List.of("/a", "a/", "", "a//b", "../a", "a/./b", "a\0")) {
            assertThatIllegalArgumentException()
                    .as(name)
                    .isThrownBy(() -> TarLayer.at(0).file(name, none, 0644));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TarLayer.at(0).file("a", none, 0644).file("a/b", none, 0644));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TarLayer.at(0).file("a/b", none, 0644).file("a", none, 0644));
        assertThatIllegalArgumentException().isThrownBy(() -> TarLayer.at(0).symlink("a", ""));
    }

    @Test
    @Peer("tar")
    void tar_lists_what_was_put_in() {
        String listing = Command.output(
                "tar", "--utc", "--full-time", "-tvf", layer("layer.tar").file());
        assertThat(listing.lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "lrwxrwxrwx root/root 0 2023-11-14 22:13:20 Packages -> kits/k/Packages",
                        "drwxr-xr-x root/root 0 2023-11-14 22:13:20 bin/",
                        "-rwxr-xr-x root/root 3 2023-11-14 22:13:20 bin/run",
                        "drwxr-xr-x root/root 0 2023-11-14 22:13:20 kits/",
                        "drwxr-xr-x root/root 0 2023-11-14 22:13:20 kits/k/",
                        "drwxr-xr-x root/root 0 2023-11-14 22:13:20 kits/k/Packages/",
                        "drwxr-xr-x root/root 0 2023-11-14 22:13:20 kits/k/Packages/p/",
                        "-rw-r--r-- root/root 3 2023-11-14 22:13:20 kits/k/Packages/p/" + "long-".repeat(30) + ".rpm",
                        "-rw-r--r-- root/root 2 2023-11-14 22:13:20 kits/k/Packages/p/\\303\\274ber.rpm"
                                .replace("\\303\\274", listing.contains("\u00fc") ? "\u00fc" : "\\303\\274"));
    }

    @Test
    void an_archive_holds_the_image_that_was_written() throws IOException {
        BuiltImage image = image();
        Path file = directory.resolve("kit.tar");
        OciArchive.write(file, image);
        Path again = directory.resolve("again.tar");
        OciArchive.write(again, image);
        assertThat(again).hasSameBinaryContentAs(file);
        try (OciArchive archive = OciArchive.open(file)) {
            assertThat(archive.manifest().bytes()).isEqualTo(image.manifest().bytes());
            assertThat(archive.image().platform()).contains(new Platform("linux", "arm64"));
            ImageManifest manifest =
                    ImageManifest.parse("manifest", archive.manifest().bytes());
            Path target = directory.resolve("tree");
            LayerUnpacker.unpack(archive.blob(manifest.layers().get(0)), target, "layer");
            assertThat(target.resolve("kits/k/Packages/p/\u00fcber.rpm")).hasContent("\u00fc");
            assertThat(target.resolve("bin/run")).isExecutable();
        }
    }

    @Test
    void a_layer_that_was_changed_since_is_not_archived() throws IOException {
        BuiltImage image = image();
        byte[] bytes = Files.readAllBytes(directory.resolve("layer.tar"));
        bytes[600] ^= 1;
        Files.write(directory.resolve("layer.tar"), bytes);
        Path file = directory.resolve("kit.tar");
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> OciArchive.write(file, image))
                .withMessageContaining("layer.tar");
        assertThat(directory).isDirectoryNotContaining(p -> !p.endsWith("layer.tar"));
    }

    @Test
    void damaged_archives_give_typed_exceptions_that_name_the_file() throws IOException {
        Path file = directory.resolve("kit.tar");
        OciArchive.write(file, image());
        byte[] whole = Files.readAllBytes(file);
        Path damaged = directory.resolve("damaged.tar");
        for (int i = 0; i < whole.length; i += 67) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) 0x91;
            Files.write(damaged, i % 2 == 0 ? flipped : Arrays.copyOf(whole, i));
            try (OciArchive archive = OciArchive.open(damaged)) {
                ImageManifest manifest =
                        ImageManifest.parse("m", archive.manifest().bytes());
                archive.blob(manifest.layers().get(0)).readAllBytes();
            } catch (TwoliterException e) {
                assertThat(e).isInstanceOfAny(FormatException.class, VerificationException.class);
                assertThat(e).hasMessageContaining("damaged.tar");
            }
        }
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> OciArchive.open(directory.resolve("absent.tar")))
                .withMessageContaining("absent.tar");
    }

    @Test
    @Peer("skopeo")
    void skopeo_reads_and_copies_an_archive() throws IOException {
        BuiltImage image = image();
        Path file = directory.resolve("kit.tar");
        OciArchive.write(file, image);
        assertThat(Command.output("skopeo", "inspect", "oci-archive:" + file))
                .contains(
                        "\"Architecture\": \"arm64\"",
                        "\"dev.example\": \"value\"",
                        image.manifest().digest().toString());
        Command.output(
                "skopeo", "copy", "--preserve-digests", "oci-archive:" + file, "dir:" + directory.resolve("dir"));
        assertThat(directory.resolve("dir/manifest.json"))
                .hasBinaryContent(image.manifest().bytes());
    }

    @Test
    @Peer({"skopeo", "umoci"})
    void umoci_unpacks_our_image() throws IOException {
        OciArchive.write(directory.resolve("kit.tar"), image());
        Command.output(
                "skopeo",
                "copy",
                "oci-archive:" + directory.resolve("kit.tar"),
                "oci:" + directory.resolve("o") + ":t");
        Command.output(
                "umoci", "unpack", "--rootless", "--image", directory.resolve("o") + ":t", directory.resolve("bundle"));
        assertThat(directory.resolve("bundle/rootfs/bin/run")).hasContent("run");
        assertThat(directory.resolve("bundle/rootfs/Packages/p/\u00fcber.rpm")).hasContent("\u00fc");
    }
}
