package dev.twoliter.core.internal.disk.gpt;

import static dev.twoliter.core.internal.disk.gpt.GptFormat.ENTRIES_SECTORS;
import static dev.twoliter.core.internal.disk.gpt.GptFormat.ENTRIES_SIZE;
import static dev.twoliter.core.internal.disk.gpt.GptFormat.ENTRY_SIZE;
import static dev.twoliter.core.internal.disk.gpt.GptFormat.HEADER_CRC_OFFSET;
import static dev.twoliter.core.internal.disk.gpt.GptFormat.HEADER_SIZE;
import static dev.twoliter.core.internal.disk.gpt.GptFormat.PRIMARY_HEADER_LBA;
import static dev.twoliter.core.internal.disk.gpt.PartitionTable.SECTOR;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.Channels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Reads a GUID Partition Table and checks it: both copies must be intact and say the same. Takes tables of 128 entries
 * of 128 bytes, the only size in use.
 */
public final class GptReader {
    private final String subject;
    private final SeekableByteChannel disk;
    private final long sectors;

    private GptReader(SeekableByteChannel disk, String subject) throws IOException {
        this.subject = subject;
        this.disk = disk;
        this.sectors = disk.size() / SECTOR;
    }

    /**
     * Reads the table.
     *
     * @param disk the whole disk
     * @param subject the disk's name for messages
     * @return what the table says
     * @throws FormatException if there is no intact table, or its two copies differ
     * @throws IOException if the channel fails
     */
    public static PartitionTable read(SeekableByteChannel disk, String subject) throws IOException {
        return new GptReader(disk, subject).read();
    }

    private PartitionTable read() throws IOException {
        if (sectors < 2 * PartitionTable.FIRST_USABLE) {
            throw new FormatException(subject, "too small for a partition table");
        }
        ByteBuffer mbr = sectors(0, 1);
        if (mbr.getShort(510) != (short) 0xAA55 || mbr.get(446 + 4) != (byte) 0xEE) {
            throw new FormatException(subject, "no protective MBR in sector 0");
        }
        long backupHeader = sectors - 1;
        PartitionTable primary = copy("primary", PRIMARY_HEADER_LBA, backupHeader, GptFormat.PRIMARY_ENTRIES_LBA);
        PartitionTable backup = copy("backup", backupHeader, PRIMARY_HEADER_LBA, backupHeader - ENTRIES_SECTORS);
        if (!primary.equals(backup)) {
            throw new FormatException(subject, "the primary and the backup partition table differ");
        }
        return primary;
    }

    private PartitionTable copy(String which, long own, long other, long entriesLba) throws IOException {
        String name = "the " + which + " partition table ";
        ByteBuffer header = sectors(own, 1);
        int crc = header.getInt(HEADER_CRC_OFFSET);
        header.putInt(HEADER_CRC_OFFSET, 0);
        require(header.getLong() == GptFormat.SIGNATURE, name + "is missing");
        require(
                header.getInt() == GptFormat.REVISION && header.getInt() == HEADER_SIZE,
                name + "is of an unknown revision");
        require(crc == GptFormat.crc32(header, 0, HEADER_SIZE), name + "has a damaged header (CRC)");
        header.position(24);
        require(header.getLong() == own && header.getLong() == other, name + "was made for a disk of another size");
        require(
                header.getLong() == PartitionTable.FIRST_USABLE
                        && header.getLong() == sectors - PartitionTable.FIRST_USABLE,
                name + "has unusual usable sectors");
        UUID guid = GptFormat.getGuid(header);
        require(
                header.getLong() == entriesLba
                        && header.getInt() == PartitionTable.MAX_PARTITIONS
                        && header.getInt() == ENTRY_SIZE,
                name + "has its entries in an unusual place or size");
        ByteBuffer entries = sectors(entriesLba, ENTRIES_SECTORS);
        require(header.getInt() == GptFormat.crc32(entries, 0, ENTRIES_SIZE), name + "has damaged entries (CRC)");
        try {
            return new PartitionTable(guid, sectors, partitions(entries));
        } catch (IllegalArgumentException e) {
            throw new FormatException(subject, name + "is invalid: " + e.getMessage(), "", e);
        }
    }

    private static List<Partition> partitions(ByteBuffer entries) {
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < PartitionTable.MAX_PARTITIONS; i++) {
            entries.position(i * ENTRY_SIZE);
            UUID type = GptFormat.getGuid(entries);
            if (!type.equals(GptFormat.UNUSED)) {
                UUID unique = GptFormat.getGuid(entries);
                long first = entries.getLong();
                long last = entries.getLong();
                long attributes = entries.getLong();
                partitions.add(
                        new Partition(i + 1, GptFormat.getLabel(entries), type, unique, attributes, first, last));
            }
        }
        return partitions;
    }

    private ByteBuffer sectors(long lba, int count) throws IOException {
        ByteBuffer bytes = GptFormat.allocate(count * SECTOR);
        Channels.read(disk, lba * SECTOR, bytes);
        return bytes;
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new FormatException(subject, message);
        }
    }
}
