package dev.twoliter.core.internal.disk.gpt;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GptTest {
    private static final UUID DISK = new UUID(1, 2);
    private static final UUID BOOT = UUID.fromString("6b636168-7420-6568-2070-6c616e657421");
    private static final PartitionTable TABLE = new PartitionTable(
            DISK, 200, List.of(partition(1, "größe", 40, 49), partition(128, "x".repeat(36), 50, 166)));

    @TempDir
    Path dir;

    private static Partition partition(int number, String label, long first, long last) {
        return new Partition(number, label, BOOT, new UUID(3, number), 1L << 63, first, last);
    }

    private byte[] written() throws IOException {
        Path disk = dir.resolve("disk");
        try (FileChannel channel =
                FileChannel.open(disk, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            GptWriter.write(TABLE, channel);
        }
        return Files.readAllBytes(disk);
    }

    private PartitionTable read(byte[] bytes) throws IOException {
        Path disk = Files.write(dir.resolve("read"), bytes);
        try (FileChannel channel = FileChannel.open(disk)) {
            return GptReader.read(channel, "disk.img");
        }
    }

    @Test
    void a_table_reads_back() throws IOException {
        assertThat(written()).hasSize(200 * 512);
        assertThat(read(written())).isEqualTo(TABLE);
    }

    @Test
    void guids_are_mixed_endian() throws IOException {
        assertThat(new String(written(), 1024, 16, US_ASCII)).isEqualTo("hack the planet!");
    }

    @Test
    void boot_code_is_left_alone() throws IOException {
        Files.write(dir.resolve("disk"), new byte[] {(byte) 0xEB, 0x63});

        assertThat(written()).startsWith(0xEB, 0x63);
    }

    @Test
    void a_damaged_copy_is_named() throws IOException {
        byte[] primary = written();
        primary[1024 + 60] ^= 1;
        assertThatThrownBy(() -> read(primary)).hasMessageContaining("primary partition table has damaged entries");

        byte[] backup = written();
        backup[199 * 512 + 60] ^= 1;
        assertThatThrownBy(() -> read(backup)).hasMessageContaining("backup partition table has a damaged header");
    }

    @Test
    void every_damage_to_the_table_is_a_format_error() throws IOException {
        byte[] good = written();
        for (int at = 450; at < 34 * 512; at += at < 1200 ? 1 : 61) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) 0xFF;
            try {
                assertThat(read(bad)).isEqualTo(TABLE);
                assertThat(at)
                        .as("a byte that the table does not depend on")
                        .matches(i -> i < 512 || i >= 604 && i < 1024);
            } catch (FormatException e) {
                assertThat(e).hasMessageContaining("disk.img");
            }
        }
        for (int sectors = 0; sectors < 200; sectors++) {
            byte[] bad = Arrays.copyOf(good, sectors * 512);
            assertThatThrownBy(() -> read(bad)).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void tables_that_make_no_sense_cannot_be_made() {
        assertThatThrownBy(() -> table(partition(1, "", 40, 50), partition(2, "", 50, 60)))
                .hasMessageContaining("overlap");
        assertThatThrownBy(() -> table(partition(1, "", 40, 50), partition(1, "", 51, 60)))
                .hasMessageContaining("number 1");
        assertThatThrownBy(() -> table(partition(1, "", 33, 50))).hasMessageContaining("outside");
        assertThatThrownBy(() -> table(partition(1, "", 40, 167))).hasMessageContaining("outside");
        assertThatThrownBy(() -> partition(1, "x".repeat(37), 40, 50)).hasMessageContaining("label");
    }

    private static PartitionTable table(Partition... partitions) {
        return new PartitionTable(DISK, 200, List.of(partitions));
    }
}
