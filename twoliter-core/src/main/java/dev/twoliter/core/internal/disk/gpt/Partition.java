package dev.twoliter.core.internal.disk.gpt;

import java.util.Objects;
import java.util.UUID;

/**
 * One entry of a partition table. Immutable.
 *
 * @param number its place in the table, 1 to 128
 * @param label its name, at most 36 UTF-16 code units without zeros; may be empty
 * @param type what it is for
 * @param unique which one it is
 * @param attributes 64 bits; 48 to 63 belong to the type
 * @param firstSector its first sector
 * @param lastSector its last sector, inclusive
 */
public record Partition(
        int number, String label, UUID type, UUID unique, long attributes, long firstSector, long lastSector) {
    /** Checks the ranges. */
    public Partition {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(unique, "unique");
        if (number < 1 || number > PartitionTable.MAX_PARTITIONS) {
            throw new IllegalArgumentException("partition number " + number);
        }
        if (label.length() > 36 || label.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the label of partition " + number + " is too long or has a zero in it");
        }
        if (firstSector < 0 || lastSector < firstSector) {
            throw new IllegalArgumentException(
                    "partition " + number + " goes from sector " + firstSector + " to " + lastSector);
        }
    }

    /** {@return the place of its first byte on the disk} */
    public long offset() {
        return firstSector * PartitionTable.SECTOR;
    }

    /** {@return its size in bytes} */
    public long size() {
        return (lastSector - firstSector + 1) * PartitionTable.SECTOR;
    }
}
