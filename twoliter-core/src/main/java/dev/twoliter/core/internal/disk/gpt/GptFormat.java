package dev.twoliter.core.internal.disk.gpt;

import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32;

/** The sizes, places and encodings of UEFI 2.10 chapter 5 (all numbers little-endian). */
final class GptFormat {
    /** {@code "EFI PART"}. */
    static final long SIGNATURE = 0x5452_4150_2049_4645L;

    static final int REVISION = 0x0001_0000;
    static final int HEADER_SIZE = 92;
    static final int HEADER_CRC_OFFSET = 16;
    static final int ENTRY_SIZE = 128;
    static final int ENTRIES_SIZE = PartitionTable.MAX_PARTITIONS * ENTRY_SIZE;
    static final int ENTRIES_SECTORS = ENTRIES_SIZE / PartitionTable.SECTOR;
    static final int LABEL_SIZE = 72;
    static final long PRIMARY_HEADER_LBA = 1;
    static final long PRIMARY_ENTRIES_LBA = 2;
    static final UUID UNUSED = new UUID(0, 0);

    private GptFormat() {}

    static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The first three fields of a GUID are little-endian, the rest is a string of bytes (appendix A). */
    static void putGuid(ByteBuffer out, UUID guid) {
        long high = guid.getMostSignificantBits();
        out.putInt((int) (high >>> 32)).putShort((short) (high >>> 16)).putShort((short) high);
        out.putLong(Long.reverseBytes(guid.getLeastSignificantBits()));
    }

    static UUID getGuid(ByteBuffer in) {
        long high = (long) in.getInt() << 32 | (in.getShort() & 0xFFFFL) << 16 | (in.getShort() & 0xFFFFL);
        return new UUID(high, Long.reverseBytes(in.getLong()));
    }

    static void putLabel(ByteBuffer out, String label) {
        byte[] bytes = label.getBytes(UTF_16LE);
        out.put(bytes).position(out.position() + LABEL_SIZE - bytes.length);
    }

    static String getLabel(ByteBuffer in) {
        byte[] bytes = new byte[LABEL_SIZE];
        in.get(bytes);
        String label = new String(bytes, UTF_16LE);
        int end = label.indexOf('\0');
        return end < 0 ? label : label.substring(0, end);
    }

    static int crc32(ByteBuffer bytes, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes.slice(offset, length));
        return (int) crc.getValue();
    }
}
