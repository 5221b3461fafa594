package dev.twoliter.core.internal.disk.vmdk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Numbers of the format, little-endian.
 *
 * <p>Header, a sector: u32 magic; u32 version; u32 flags (line ends can be checked, compressed, with markers); u64 sectors
 * of the disk; u64 of a grain; u64 place and u64 sectors of the descriptor; u32 entries of a grain table; u64 spare
 * directory; u64 directory (in the footer; all ones in the header); u64 sectors before the first grain; u8 zero; four
 * bytes of line ends; u16 compression (1: deflate). Places are in sectors.
 *
 * <p>Grain: u64 its first sector on the disk; u32 size of the data; zlib data; zeros to the end of the sector. Marker: u64
 * sectors that follow; u32 zero; u32 kind.
 */
final class VmdkFormat {
    static final int SECTOR = 512;
    static final int MAGIC = 0x564D_444B;
    static final int VERSION = 3;
    static final int FLAGS = 0x3_0001;
    /** There is a spare directory, which we neither write nor read. */
    static final int FLAG_SPARE = 2;
    /** In place of the directory's place: the footer has it. */
    static final long AT_END = -1;

    static final int GRAIN_SECTORS = 128;
    static final int GRAIN = GRAIN_SECTORS * SECTOR;
    static final int GRAIN_HEADER = 12;
    static final int TABLE_ENTRIES = 512;
    static final int TABLE_SIZE = TABLE_ENTRIES * 4;
    static final int DESCRIPTOR_SECTORS = 20;
    static final int OVERHEAD_SECTORS = 128;
    static final int LINE_ENDS = 0x0A0D_200A;
    static final int DEFLATE = 1;

    static final int MARKER_END = 0;
    static final int MARKER_TABLE = 1;
    static final int MARKER_DIRECTORY = 2;
    static final int MARKER_FOOTER = 3;

    private VmdkFormat() {}

    static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    static int align(int size) {
        return (size + SECTOR - 1) / SECTOR * SECTOR;
    }

    static long divide(long number, long unit) {
        return (number + unit - 1) / unit;
    }
}
