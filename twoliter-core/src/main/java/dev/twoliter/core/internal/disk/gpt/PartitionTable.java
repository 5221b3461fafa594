package dev.twoliter.core.internal.disk.gpt;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * What a GUID Partition Table says. Immutable.
 *
 * @param disk the disk's own GUID
 * @param sectors the size of the whole disk in sectors of 512 bytes
 * @param partitions in the order of their numbers; they do not overlap each other or the table
 */
public record PartitionTable(UUID disk, long sectors, List<Partition> partitions) {
    /** Bytes of a sector. */
    public static final int SECTOR = 512;

    /** Entries of a table. */
    public static final int MAX_PARTITIONS = 128;

    /** The first sector that a partition may use: sectors before it hold MBR, header and entries. */
    public static final long FIRST_USABLE = 34;

    /** The largest disk: its size in bytes still is a long. */
    static final long MAX_SECTORS = Long.MAX_VALUE / SECTOR;

    /** Checks numbers, places and overlaps. */
    public PartitionTable {
        Objects.requireNonNull(disk, "disk");
        partitions = List.copyOf(partitions);
        if (sectors < 2 * FIRST_USABLE || sectors > MAX_SECTORS) {
            throw new IllegalArgumentException("a disk cannot have " + sectors + " sectors");
        }
        Set<Integer> numbers = new HashSet<>();
        for (Partition partition : partitions) {
            if (!numbers.add(partition.number())) {
                throw new IllegalArgumentException("two partitions have number " + partition.number());
            }
            if (partition.firstSector() < FIRST_USABLE || partition.lastSector() > sectors - FIRST_USABLE) {
                throw new IllegalArgumentException("partition " + partition.number() + " from sector "
                        + partition.firstSector() + " to " + partition.lastSector()
                        + " is outside of the usable sectors " + FIRST_USABLE + " to " + (sectors - FIRST_USABLE));
            }
        }
        List<Partition> byPlace = partitions.stream()
                .sorted(Comparator.comparingLong(Partition::firstSector))
                .toList();
        for (int i = 1; i < byPlace.size(); i++) {
            if (byPlace.get(i).firstSector() <= byPlace.get(i - 1).lastSector()) {
                throw new IllegalArgumentException("partitions "
                        + byPlace.get(i - 1).number() + " and " + byPlace.get(i).number() + " overlap");
            }
        }
    }

    /** {@return the last sector that a partition may use} */
    public long lastUsable() {
        return sectors - FIRST_USABLE;
    }

    /**
     * Finds a partition.
     *
     * @param number its number
     * @return the partition
     * @throws NoSuchElementException if there is none
     */
    public Partition partition(int number) {
        return partitions.stream()
                .filter(partition -> partition.number() == number)
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("there is no partition " + number));
    }
}
