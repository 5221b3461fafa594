package dev.twoliter.core.internal.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class BiosBootTest {
    private static final int ROOM = 4 << 20;

    private static byte[] bootImage() {
        byte[] image = new byte[512];
        image[0] = (byte) 0xEB;
        image[0x66] = (byte) 0xEB;
        image[0x67] = 5;
        image[439] = 42;
        image[440] = 43;
        image[510] = 0x55;
        image[511] = (byte) 0xAA;
        return image;
    }

    private static byte[] coreImage(int size) {
        byte[] image = new byte[size];
        ByteBuffer.wrap(image)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0x1F4, 2)
                .putShort(0x1FC, (short) ((size + 511) / 512 - 1))
                .putShort(0x1FE, (short) 0x820);
        image[size - 1] = 7;
        return image;
    }

    @Test
    void the_first_sector_finds_the_core_and_leaves_the_table_alone() {
        byte[] code = BiosBoot.of(bootImage(), coreImage(1025), 2048, ROOM).bootCode();

        assertThat(code).hasSize(440).endsWith(42);
        assertThat(ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).getLong(0x5C))
                .isEqualTo(2048);
        assertThat(code[0x64]).isEqualTo((byte) 0xFF);
        assertThat(code[0x66]).isEqualTo((byte) 0x90);
        assertThat(code[0x67]).isEqualTo((byte) 0x90);
    }

    @Test
    void the_core_finds_the_rest_of_itself_in_whole_sectors() {
        byte[] core = BiosBoot.of(bootImage(), coreImage(1025), 2048, ROOM).core();
        ByteBuffer list = ByteBuffer.wrap(core).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(core).hasSize(1536);
        assertThat(core[1024]).isEqualTo((byte) 7);
        assertThat(list.getLong(0x1F4)).isEqualTo(2049);
        assertThat(list.getShort(0x1FC)).isEqualTo((short) 2);
        assertThat(list.getShort(0x1FE)).isEqualTo((short) 0x820);
    }

    @Test
    void other_boot_sectors_and_cores_are_refused() {
        byte[] unsigned = bootImage();
        unsigned[510] = 0;
        byte[] moved = coreImage(2048);
        moved[0x1F4] = 9;

        for (byte[] boot : new byte[][] {new byte[0], new byte[511], new byte[512], unsigned}) {
            assertThatThrownBy(() -> BiosBoot.of(boot, coreImage(2048), 2048, ROOM))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("boot.img");
        }
        for (byte[] core : new byte[][] {new byte[0], new byte[1], new byte[512], new byte[513], moved}) {
            assertThatThrownBy(() -> BiosBoot.of(bootImage(), core, 2048, ROOM))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("core.img");
        }
    }

    @Test
    void a_core_larger_than_its_partition_or_the_memory_of_a_bios_is_refused() {
        assertThatThrownBy(() -> BiosBoot.of(bootImage(), coreImage(4096), 2048, 4095))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("at most 4095");
        assertThatThrownBy(() -> BiosBoot.of(bootImage(), coreImage(1 << 20), 2048, ROOM))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("takes at most");
    }
}
