package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.twoliter.api.Arch;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciArchiveTest {

    @TempDir
    Path directory;

    private Repository repository() {
        return ImageStore.open(
                        "oci:registry",
                        StoreOptions.builder().baseDirectory(directory).build())
                .repository("demo");
    }

    private Path write() {
        Path archive = directory.resolve("demo.tar");
        OciArchive.write(archive, TestImages.image(directory, Arch.AARCH64, "x"));
        return archive;
    }

    @Test
    void an_archive_holds_the_image_it_was_made_of() {
        BuiltImage image = TestImages.image(directory, Arch.AARCH64, "x");
        try (OciArchive archive = OciArchive.open(write())) {
            assertThat(archive.image().digest()).isEqualTo(image.descriptor().digest());
            assertThat(archive.image().platform()).contains(new Platform("linux", "arm64"));
            archive.pushTo(repository(), "v1");
        }
        assertThat(repository().manifest("v1").orElseThrow().digest())
                .isEqualTo(image.descriptor().digest());
        image.layers()
                .forEach(layer -> assertThat(repository().has(layer.descriptor().digest()))
                        .isTrue());
    }

    @Test
    void the_same_image_gives_the_same_archive() throws IOException {
        byte[] once = Files.readAllBytes(write());
        assertThat(Files.readAllBytes(write())).isEqualTo(once);
    }

    @Test
    @Peer({"tar", "skopeo"})
    void tar_and_skopeo_read_an_archive() {
        Path archive = write();
        assertThat(Command.output("tar", "tf", archive).lines())
                .startsWith("./oci-layout", "./index.json")
                .allMatch(name -> name.startsWith("./"))
                .hasSize(6);
        assertThat(Command.output("skopeo", "inspect", "oci-archive:" + archive))
                .contains("\"Architecture\": \"arm64\"");
        Command.output("skopeo", "copy", "-q", "oci-archive:" + archive, "oci:" + directory.resolve("out") + ":v1");
    }

    @Test
    @Peer("skopeo")
    void an_archive_of_skopeo_is_read() {
        BuiltImage image = TestImages.image(directory, Arch.X86_64, "x");
        image.pushTo(repository(), "v1");
        Path archive = directory.resolve("skopeo.tar");
        Command.output(
                "skopeo",
                "copy",
                "-q",
                "--preserve-digests",
                "oci:" + directory.resolve("registry/demo") + ":v1",
                "oci-archive:" + archive);
        try (OciArchive read = OciArchive.open(archive)) {
            assertThat(read.manifest().digest()).isEqualTo(image.descriptor().digest());
        }
    }

    @Test
    void a_missing_archive_is_said_to_be_missing() {
        assertThatThrownBy(() -> OciArchive.open(directory.resolve("none.tar")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("none.tar: no such file");
    }

    @Test
    void damage_anywhere_gives_a_typed_error_or_none() throws IOException {
        Path archive = write();
        byte[] whole = Files.readAllBytes(archive);
        for (int at = 0; at < whole.length; at += 53) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x41;
            use(archive, flipped);
            use(archive, Arrays.copyOf(whole, at));
        }
    }

    private void use(Path archive, byte[] bytes) throws IOException {
        Files.write(archive, bytes);
        Throwable thrown = catchThrowable(() -> {
            try (OciArchive damaged = OciArchive.open(archive)) {
                damaged.pushTo(repository(), "v1");
            }
        });
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(TwoliterException.class);
        }
    }

    @Test
    void a_blob_with_a_flipped_byte_is_not_pushed() throws IOException {
        Path archive = write();
        byte[] bytes = Files.readAllBytes(archive);
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("xaarch64");
        bytes[at] = 'y';
        Files.write(archive, bytes);
        assertThatThrownBy(() -> {
                    try (OciArchive damaged = OciArchive.open(archive)) {
                        damaged.pushTo(repository(), "v1");
                    }
                })
                .hasMessageContaining(archive.toString());
        assertThat(repository().manifest("v1")).isEmpty();
    }

    @Test
    void something_else_is_not_taken_for_an_archive() throws IOException {
        Path file = Files.write(directory.resolve("x.tar"), new byte[4096]);
        assertThatThrownBy(() -> OciArchive.open(file)).isInstanceOf(FormatException.class);
        Files.writeString(file, "hello");
        assertThatThrownBy(() -> OciArchive.open(file)).isInstanceOf(FormatException.class);
    }
}
