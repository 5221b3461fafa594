package dev.twoliter.core.internal.disk.fat;

import static dev.twoliter.core.internal.disk.fat.FatGeometry.SECTOR;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.twoliter.api.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * The boot sector.
 *
 * @param bits 12, 16 or 32: the type
 * @param size of the volume in bytes
 * @param clusterSize in bytes
 * @param clusters their number
 * @param volumeId the identifier
 * @param label empty for none
 */
public record FatVolume(int bits, long size, int clusterSize, long clusters, int volumeId, String label) {
    static final int BACKUP_SECTOR = 6;
    static final int INFO_SECTOR = 1;
    static final int MEDIA = 0xF8;
    private static final String NO_LABEL = "NO NAME";

    /** {@return the identifier as it is commonly shown} */
    public String id() {
        return String.format(Locale.ROOT, "%04X-%04X", volumeId >>> 16, volumeId & 0xFFFF);
    }

    static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    static ByteBuffer encode(FatGeometry geometry, FatOptions options) {
        boolean large = geometry.bits() == 32;
        boolean many = large || geometry.sectors() > 0xFFFF;
        ByteBuffer b = allocate(SECTOR);
        b.put(new byte[] {(byte) 0xEB, (byte) (large ? 0x58 : 0x3C), (byte) 0x90})
                .put("mkfs.fat".getBytes(US_ASCII));
        b.putShort((short) SECTOR).put((byte) geometry.clusterSectors());
        b.putShort((short) geometry.reservedSectors()).put((byte) geometry.tables());
        b.putShort((short) (geometry.rootSectors() * SECTOR / FatNames.ENTRY));
        b.putShort((short) (many ? 0 : geometry.sectors())).put((byte) MEDIA);
        b.putShort((short) (large ? 0 : geometry.tableSectors()));
        b.putShort((short) FatGeometry.sectorsPerTrack(options.size()));
        b.putShort((short) FatGeometry.heads(options.size()));
        b.putInt(0).putInt(many ? (int) geometry.sectors() : 0);
        if (large) {
            b.putInt((int) geometry.tableSectors()).putInt(0); // both tables alike; version 0.0
            b.putInt(2).putShort((short) INFO_SECTOR).putShort((short) BACKUP_SECTOR);
            b.position(0x40);
        }
        b.put((byte) 0x80).put((byte) 0).put((byte) 0x29).putInt(options.volumeId());
        b.put(padded(options.label().isEmpty() ? NO_LABEL : options.label(), 11));
        b.put(padded("FAT" + geometry.bits(), 8));
        b.putShort(0x1FE, (short) 0xAA55);
        return b.clear();
    }

    static byte[] padded(String text, int size) {
        return (text + " ".repeat(size - text.length())).getBytes(US_ASCII);
    }

    static FatGeometry geometry(ByteBuffer b, String subject) {
        require(b.getShort(0x1FE) == (short) 0xAA55 && (b.get(0) == (byte) 0xEB || b.get(0) == (byte) 0xE9), subject);
        require(b.getShort(0x0B) == SECTOR, subject);
        int clusterSectors = b.get(0x0D) & 0xFF;
        int rootEntries = b.getShort(0x11) & 0xFFFF;
        int tables = b.get(0x10);
        long shortTable = b.getShort(0x16) & 0xFFFFL;
        long shortSectors = b.getShort(0x13) & 0xFFFFL;
        require(Integer.bitCount(clusterSectors) == 1 && (tables == 1 || tables == 2), subject);
        FatGeometry geometry = new FatGeometry(
                32,
                shortSectors == 0 ? b.getInt(0x20) & 0xFFFF_FFFFL : shortSectors,
                clusterSectors,
                b.getShort(0x0E) & 0xFFFF,
                shortTable == 0 ? b.getInt(0x24) & 0xFFFF_FFFFL : shortTable,
                tables,
                (rootEntries * FatNames.ENTRY + SECTOR - 1) / SECTOR);
        require(geometry.reservedSectors() > 0 && geometry.clusters() > 0, subject);
        FatGeometry typed = new FatGeometry(
                shortTable == 0 ? 32 : FatGeometry.bitsOf(geometry.clusters()),
                geometry.sectors(),
                clusterSectors,
                geometry.reservedSectors(),
                geometry.tableSectors(),
                tables,
                geometry.rootSectors());
        require(typed.isValid() && (typed.bits() == 32) == (rootEntries == 0), subject);
        return typed;
    }

    static FatVolume decode(ByteBuffer b, FatGeometry geometry) {
        int at = geometry.bits() == 32 ? 0x40 : 0x24;
        byte[] label = new byte[11];
        b.get(at + 7, label);
        String text = new String(label, US_ASCII).strip();
        return new FatVolume(
                geometry.bits(),
                geometry.sectors() * SECTOR,
                geometry.clusterSize(),
                geometry.clusters(),
                b.getInt(at + 3),
                text.equals(NO_LABEL) ? "" : text);
    }

    private static void require(boolean holds, String subject) {
        if (!holds) {
            throw new FormatException(subject, "is no FAT volume, or its boot sector is damaged");
        }
    }
}
