package dev.twoliter.core.internal.disk.layout;

import dev.twoliter.core.internal.disk.Derived;
import dev.twoliter.core.internal.disk.gpt.Partition;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import java.util.List;
import java.util.UUID;

/**
 * A disk with places for all its partitions.
 *
 * @param name {@code os} or {@code data}
 * @param gib its size
 * @param slots its partitions by number, 1 first
 */
public record PlannedDisk(String name, long gib, List<Slot> slots) {

    /** gptprio: priority 1 (bits 48 to 51), no tries left (52 to 55), successful (56). */
    private static final long BOOTABLE = 1L << 48 | 1L << 56;

    /** First boot takes the data partition with this GUID, if there is one... */
    private static final UUID PREFERRED_DATA = UUID.fromString("5b94e8df-28b8-485c-9d19-362263b5944c");

    /** ...and otherwise the one with this GUID. */
    private static final UUID FALLBACK_DATA = UUID.fromString("69040874-417d-4e26-a764-7885f22007ea");

    static final int GIB_MIB = 1024;

    /** Copies the list. */
    public PlannedDisk {
        slots = List.copyOf(slots);
    }

    /**
     * Finishes the partition table.
     *
     * @param seed what the disk's GUID and the unique GUIDs are derived from that upstream draws at random
     * @return the table
     */
    public PartitionTable table(String seed) {
        List<Partition> partitions = slots.stream()
                .map(slot -> new Partition(
                        slot.number(),
                        slot.label(),
                        slot.type(),
                        unique(slot, seed),
                        slot.role().filter(Role.BOOT_A::equals).isPresent() ? BOOTABLE : 0,
                        slot.offset() * Slot.MIB_SECTORS,
                        slot.end() * Slot.MIB_SECTORS - 1))
                .toList();
        return new PartitionTable(Derived.uuid(seed, "disk/" + name), gib * GIB_MIB * Slot.MIB_SECTORS, partitions);
    }

    private static UUID unique(Slot slot, String seed) {
        Role role = slot.role().orElse(null);
        if (role == Role.DATA) {
            return PREFERRED_DATA;
        }
        return role == Role.DATA_FALLBACK ? FALLBACK_DATA : Derived.uuid(seed, "partition/" + slot.label());
    }
}
