package dev.twoliter.core.internal.disk.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.DiskFile;
import dev.twoliter.core.internal.disk.NewFile;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Qcow2Test {
    @TempDir
    Path dir;

    private Path raw;

    @BeforeEach
    void makeDisk() throws IOException {
        raw = DiskFile.create(dir);
    }

    private Path image(String name, long size) throws IOException {
        Path image = dir.resolve(name);
        try (InputStream disk = DiskFile.open(raw)) {
            NewFile.write(image, out -> Qcow2Writer.write(disk, size, out));
        }
        return image;
    }

    @Test
    void an_image_reads_back_as_the_disk_it_was_made_of() throws IOException {
        try (FileChannel image = FileChannel.open(image("disk.qcow2", DiskFile.SIZE));
                Qcow2Reader disk = Qcow2Reader.open(image, "disk.qcow2")) {
            assertThat(disk.size()).isEqualTo(DiskFile.SIZE);
            assertThat(DiskFile.isSame(disk, raw)).isTrue();
        }
    }

    @Test
    void zeros_take_no_room_and_the_same_disk_gives_the_same_bytes() throws IOException {
        Path image = image("one.qcow2", DiskFile.SIZE);

        assertThat(Files.size(image)).isLessThan(2 << 20);
        assertThat(image("other.qcow2", DiskFile.SIZE)).hasSameBinaryContentAs(image);
    }

    @Test
    void a_disk_of_another_size_is_an_error() {
        for (long size : new long[] {DiskFile.SIZE - 1, DiskFile.SIZE + 1}) {
            assertThatThrownBy(() -> image("bad.qcow2", size))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("bytes than " + size);
        }
    }

    @Test
    void damaged_images_give_format_errors_only() throws IOException {
        Path image = image("bad.qcow2", DiskFile.SIZE);
        int tables = (int) Files.size(image) - 4 * 65536; // an L2 table, the L1 table, refcounts and their table
        int[] places = IntStream.concat(IntStream.range(0, 104), IntStream.range(tables, tables + 64))
                .toArray();

        assertThat(DiskFile.damage(image, places, channel -> Qcow2Reader.open(channel, "bad.qcow2")))
                .isGreaterThan(50);
        Files.write(image, new byte[1000]);
        try (FileChannel channel = FileChannel.open(image)) {
            assertThatThrownBy(() -> Qcow2Reader.open(channel, "bad.qcow2"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("no qcow2 image");
        }
    }

    @Peer("qemu-img")
    @Test
    void qemu_finds_no_problem_and_the_same_disk() throws IOException {
        Path image = image("disk.qcow2", DiskFile.SIZE);
        Path converted = dir.resolve("converted.raw");

        assertThat(Command.output("qemu-img", "check", "-f", "qcow2", image)).contains("No errors were found");
        assertThat(Command.output("qemu-img", "compare", "-f", "raw", "-F", "qcow2", raw, image))
                .contains("Images are identical");
        Command.output("qemu-img", "convert", "-f", "qcow2", "-O", "raw", image, converted);
        assertThat(Files.mismatch(converted, raw)).isEqualTo(-1);
    }

    @Peer("qemu-img")
    @Test
    void the_reader_reads_what_qemu_made_and_its_image_is_not_smaller() throws IOException {
        Path theirs = dir.resolve("theirs.qcow2");
        Command.output("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, theirs);

        assertThat(Files.size(image("ours.qcow2", DiskFile.SIZE))).isLessThanOrEqualTo(Files.size(theirs));
        try (FileChannel image = FileChannel.open(theirs);
                Qcow2Reader disk = Qcow2Reader.open(image, "theirs.qcow2")) {
            assertThat(DiskFile.isSame(disk, raw)).isTrue();
        }
    }
}
