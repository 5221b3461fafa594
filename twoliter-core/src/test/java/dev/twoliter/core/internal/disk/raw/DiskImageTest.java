package dev.twoliter.core.internal.disk.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageLayout;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.gpt.Partition;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import dev.twoliter.core.internal.disk.layout.DiskShape;
import dev.twoliter.core.internal.disk.layout.PartitionPlan;
import dev.twoliter.core.internal.disk.layout.Role;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskImageTest {
    private static final PartitionPlan PLAN = PartitionPlan.of(
            new ImageLayout(1, 1, 22, ImageLayout.PartitionPlan.SPLIT), new DiskShape(true, false, false));

    @TempDir
    Path dir;

    @Test
    void contents_lie_in_their_partitions() throws IOException {
        Path root = dir.resolve("root.img");
        byte[] noise = new byte[5000];
        new Random(3).nextBytes(noise);
        long far = 200L << 20;
        try (RandomAccessFile file = new RandomAccessFile(root.toFile(), "rw")) {
            file.write(noise);
            file.seek(far);
            file.write(noise);
        }
        Path disk = dir.resolve("disk.img");
        PartitionTable table = PLAN.os().table("seed");
        Partition partition = table.partition(PLAN.slot(Role.ROOT_A).number());

        DiskImage.write(disk, table, Map.of(partition.number(), root));

        assertThat(disk).hasSize(1L << 30);
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "r")) {
            for (long at : new long[] {0, far}) {
                byte[] read = new byte[noise.length];
                file.seek(partition.offset() + at);
                file.readFully(read);
                assertThat(read).isEqualTo(noise);
            }
        }
    }

    @Test
    void the_stream_gives_the_bytes_of_the_file() throws IOException {
        Path root = dir.resolve("root.img");
        byte[] noise = new byte[3 << 20];
        new Random(4).nextBytes(noise);
        try (RandomAccessFile file = new RandomAccessFile(root.toFile(), "rw")) {
            for (long at : new long[] {1000, 40 << 20, (43 << 20) + 1}) {
                file.seek(at);
                file.write(noise);
            }
            file.setLength(100 << 20);
        }
        Path disk = dir.resolve("disk.img");
        PartitionTable table = PLAN.os().table("seed");

        DataRanges data =
                DiskImage.write(disk, table, Map.of(PLAN.slot(Role.ROOT_A).number(), root));

        try (InputStream streamed = DiskStream.open(disk, data);
                InputStream read = Files.newInputStream(disk)) {
            for (byte[] chunk = read.readNBytes(1 << 20); chunk.length > 0; chunk = read.readNBytes(1 << 20)) {
                assertThat(Arrays.equals(streamed.readNBytes(1 << 20), chunk)).isTrue();
            }
            assertThat(streamed.read()).isEqualTo(-1);
        }
    }

    @Peer("stat")
    @Test
    void zeros_take_no_room() throws IOException {
        Path root = dir.resolve("root.img");
        try (RandomAccessFile file = new RandomAccessFile(root.toFile(), "rw")) {
            file.setLength(200 << 20);
            file.write(1);
        }
        Path disk = dir.resolve("disk.img");

        DiskImage.write(
                disk, PLAN.os().table("seed"), Map.of(PLAN.slot(Role.ROOT_A).number(), root));

        long kib = Long.parseLong(Command.output("stat", "-c", "%b", disk).trim()) / 2;
        assertThat(kib).isLessThan(256);
    }

    @Test
    void a_content_that_does_not_fit_is_refused_and_nothing_is_left() throws IOException {
        Path large = dir.resolve("large.img");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength((5 << 20) + 1);
        }

        assertThatThrownBy(
                        () -> DiskImage.write(dir.resolve("disk.img"), PLAN.os().table("seed"), Map.of(2, large)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("large.img")
                .hasMessageContaining("EFI-SYSTEM");
        assertThat(dir).isDirectoryNotContaining("glob:**disk*");
    }

    @Test
    void a_missing_content_is_named() {
        assertThatThrownBy(() -> DiskImage.write(
                        dir.resolve("disk.img"), PLAN.os().table("seed"), Map.of(2, dir.resolve("absent.img"))))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("absent.img");
    }
}
