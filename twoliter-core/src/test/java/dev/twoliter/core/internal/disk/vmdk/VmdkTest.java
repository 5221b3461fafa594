package dev.twoliter.core.internal.disk.vmdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.DiskFile;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmdkTest {
    @TempDir
    Path dir;

    private Path raw;

    @BeforeEach
    void makeDisk() throws IOException {
        raw = DiskFile.create(dir);
    }

    private Path image(String name) throws IOException {
        Path image = dir.resolve(name);
        try (InputStream disk = DiskFile.open(raw);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(image))) {
            VmdkWriter.write(disk, DiskFile.SIZE, "disk.vmdk", 0xB077_1E, out);
        }
        return image;
    }

    @Test
    void an_image_reads_back_as_the_disk_it_was_made_of() throws IOException {
        try (FileChannel image = FileChannel.open(image("disk.vmdk"));
                VmdkReader disk = VmdkReader.open(image, "disk.vmdk")) {
            assertThat(disk.size()).isEqualTo(DiskFile.SIZE);
            assertThat(DiskFile.isSame(disk, raw)).isTrue();
        }
    }

    @Test
    void it_is_compressed_and_the_same_disk_gives_the_same_bytes() throws IOException {
        Path image = image("one.vmdk");

        assertThat(Files.size(image)).isLessThan(700_000);
        assertThat(image("other.vmdk")).hasSameBinaryContentAs(image);
    }

    @Test
    void damaged_images_give_format_errors_only() throws IOException {
        Path image = image("bad.vmdk");
        int end = (int) Files.size(image);
        int[] places = IntStream.concat(IntStream.range(0, 80), IntStream.range(end - 9000, end))
                .filter(at -> at % 50 == 0 || at > end - 1024 && at < end - 940)
                .toArray();

        assertThat(DiskFile.damage(image, places, channel -> VmdkReader.open(channel, "bad.vmdk")))
                .isGreaterThan(30);
        Files.write(image, new byte[10_000]);
        try (FileChannel channel = FileChannel.open(image)) {
            assertThatThrownBy(() -> VmdkReader.open(channel, "bad.vmdk"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("no VMDK image");
        }
    }

    @Peer("qemu-img")
    @Test
    void qemu_finds_no_problem_and_the_same_disk() throws IOException {
        Path image = image("disk.vmdk");
        Path converted = dir.resolve("converted.raw");

        assertThat(Command.output("qemu-img", "check", "-f", "vmdk", image)).contains("No errors were found");
        assertThat(Command.output("qemu-img", "compare", "-f", "raw", "-F", "vmdk", raw, image))
                .contains("Images are identical");
        assertThat(Command.output("qemu-img", "info", image)).contains("create type: streamOptimized");
        Command.output("qemu-img", "convert", "-f", "vmdk", "-O", "raw", image, converted);
        assertThat(Files.mismatch(converted, raw)).isEqualTo(-1);
    }

    @Peer("qemu-img")
    @Test
    void the_reader_reads_what_qemu_made() throws IOException {
        Path theirs = dir.resolve("theirs.vmdk");
        Command.output(
                "qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=streamOptimized", raw, theirs);
        try (FileChannel image = FileChannel.open(theirs);
                VmdkReader disk = VmdkReader.open(image, "theirs.vmdk")) {
            assertThat(DiskFile.isSame(disk, raw)).isTrue();
        }
    }
}
