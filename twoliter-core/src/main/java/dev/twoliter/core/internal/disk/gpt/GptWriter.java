package dev.twoliter.core.internal.disk.gpt;

import static dev.twoliter.core.internal.disk.gpt.GptFormat.ENTRIES_SECTORS;
import static dev.twoliter.core.internal.disk.gpt.GptFormat.ENTRIES_SIZE;
import static dev.twoliter.core.internal.disk.gpt.GptFormat.ENTRY_SIZE;
import static dev.twoliter.core.internal.disk.gpt.GptFormat.HEADER_CRC_OFFSET;
import static dev.twoliter.core.internal.disk.gpt.GptFormat.HEADER_SIZE;
import static dev.twoliter.core.internal.disk.gpt.GptFormat.PRIMARY_ENTRIES_LBA;
import static dev.twoliter.core.internal.disk.gpt.GptFormat.PRIMARY_HEADER_LBA;
import static dev.twoliter.core.internal.disk.gpt.PartitionTable.SECTOR;

import dev.twoliter.core.internal.disk.Channels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * Writes a protective MBR, the primary table at the start of a disk and its backup at the end, as UEFI 2.10 sections
 * 5.2.3 and 5.3 have them.
 */
public final class GptWriter {
    private GptWriter() {}

    /**
     * Writes the table. The channel grows to the size of the disk, if it is not of that size already; the first 440
     * bytes, where boot code lies, are not touched.
     *
     * @param table what to write
     * @param disk the whole disk
     * @throws IOException if the channel fails
     */
    public static void write(PartitionTable table, SeekableByteChannel disk) throws IOException {
        long backupHeader = table.sectors() - 1;
        long backupEntries = backupHeader - ENTRIES_SECTORS;
        ByteBuffer entries = entries(table);
        int entriesCrc = GptFormat.crc32(entries, 0, ENTRIES_SIZE);

        Channels.write(disk, 440, protectiveMbr(table));
        write(
                disk,
                PRIMARY_HEADER_LBA,
                header(table, PRIMARY_HEADER_LBA, backupHeader, PRIMARY_ENTRIES_LBA, entriesCrc));
        write(disk, PRIMARY_ENTRIES_LBA, entries.duplicate());
        write(disk, backupEntries, entries.duplicate());
        write(disk, backupHeader, header(table, backupHeader, PRIMARY_HEADER_LBA, backupEntries, entriesCrc));
    }

    private static void write(SeekableByteChannel disk, long lba, ByteBuffer bytes) throws IOException {
        Channels.write(disk, lba * SECTOR, bytes);
    }

    /** Table 5.3 and 5.4, from the disk signature at byte 440 on. */
    private static ByteBuffer protectiveMbr(PartitionTable table) {
        ByteBuffer mbr = GptFormat.allocate(SECTOR - 440);
        mbr.putInt(0); // disk signature: none
        mbr.putShort((short) 0);
        mbr.put((byte) 0); // not bootable
        mbr.put(new byte[] {0, 2, 0}); // the first sector in cylinders, heads, sectors
        mbr.put((byte) 0xEE); // GPT protective
        mbr.put(new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF}); // the last one: out of range
        mbr.putInt(1); // the first LBA
        mbr.putInt((int) Math.min(table.sectors() - 1, 0xFFFF_FFFFL));
        mbr.position(510 - 440);
        mbr.put((byte) 0x55).put((byte) 0xAA);
        return mbr.flip();
    }

    /** Table 5.5. */
    private static ByteBuffer header(PartitionTable table, long own, long other, long entries, int entriesCrc) {
        ByteBuffer header = GptFormat.allocate(SECTOR);
        header.putLong(GptFormat.SIGNATURE);
        header.putInt(GptFormat.REVISION);
        header.putInt(HEADER_SIZE);
        header.putInt(0); // its own CRC, below
        header.putInt(0); // reserved
        header.putLong(own);
        header.putLong(other);
        header.putLong(PartitionTable.FIRST_USABLE);
        header.putLong(table.lastUsable());
        GptFormat.putGuid(header, table.disk());
        header.putLong(entries);
        header.putInt(PartitionTable.MAX_PARTITIONS);
        header.putInt(ENTRY_SIZE);
        header.putInt(entriesCrc);
        header.putInt(HEADER_CRC_OFFSET, GptFormat.crc32(header, 0, HEADER_SIZE));
        return header.clear();
    }

    /** Table 5.6, once for each partition. */
    private static ByteBuffer entries(PartitionTable table) {
        ByteBuffer entries = GptFormat.allocate(ENTRIES_SIZE);
        for (Partition partition : table.partitions()) {
            entries.position((partition.number() - 1) * ENTRY_SIZE);
            GptFormat.putGuid(entries, partition.type());
            GptFormat.putGuid(entries, partition.unique());
            entries.putLong(partition.firstSector());
            entries.putLong(partition.lastSector());
            entries.putLong(partition.attributes());
            GptFormat.putLabel(entries, partition.label());
        }
        return entries.clear();
    }
}
