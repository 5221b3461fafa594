package dev.twoliter.core.internal.disk.layout;

import dev.twoliter.core.internal.disk.Derived;
import dev.twoliter.core.internal.disk.gpt.Partition;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The partitions of a Bottlerocket disk: {@code variant-image.md} 1.2 to 1.5, which has the arithmetic of upstream's
 * partition planner. Every partition starts on a boundary of 1 MiB and ends where the next begins; numbers follow the
 * order on the disk, so that ROOT and HASH come one and two after BOOT, where the kernel looks for them. Immutable.
 *
 * <p>One thing differs on purpose: upstream enters the data partition of a split plan's data image with 1 MiB, although
 * the file system in it fills the disk; here the entry has the planned size.
 */
public final class PartitionPlan {
    /** How many disks there are. */
    public enum Kind {
        /** An OS image and a data image. */
        SPLIT,
        /** One image with the data partition at its end. */
        UNIFIED
    }

    private static final int MIB_SECTORS = 2048;
    private static final int GIB_MIB = 1024;

    /** MiB for the table, at each end of a disk. */
    private static final int GPT = 1;

    private static final int BIOS = 4;
    private static final int EFI = 5;
    private static final int BOOT_PER_GIB = 20;
    private static final int ROOT_PER_GIB = 460;
    private static final int HASH_PER_GIB = 5;
    private static final int RESERVED_PER_GIB = 15;
    private static final int PRIVATE_PER_GIB = 24;
    private static final int INITIAL_DATA = 1;

    /** gptprio: priority 1 (bits 48 to 51), no tries left (52 to 55), successful (56). */
    private static final long BOOTABLE = 1L << 48 | 1L << 56;

    /** First boot takes the data partition with this GUID, if there is one... */
    private static final UUID PREFERRED_DATA = UUID.fromString("5b94e8df-28b8-485c-9d19-362263b5944c");

    /** ...and otherwise the one with this GUID. */
    private static final UUID FALLBACK_DATA = UUID.fromString("69040874-417d-4e26-a764-7885f22007ea");

    private static final List<Role> BANK_A =
            List.of(Role.EFI_A, Role.BOOT_A, Role.ROOT_A, Role.HASH_A, Role.RESERVED_A);
    private static final List<Role> BANK_B =
            List.of(Role.EFI_B, Role.BOOT_B, Role.ROOT_B, Role.HASH_B, Role.RESERVED_B);

    private final Kind kind;
    private final Disk os;
    private final Optional<Disk> data;

    private PartitionPlan(Kind kind, Disk os, Optional<Disk> data) {
        this.kind = kind;
        this.os = os;
        this.data = data;
    }

    /**
     * Plans the disks of a variant.
     *
     * @param osGib what the partitions of the operating system are scaled by, 1 to 65535 GiB
     * @param dataGib the size of the data image or data partition, 1 to 65535 GiB
     * @param kind how many disks
     * @param inPlaceUpdates whether there are two banks; one of twice the size otherwise
     * @return the plan
     */
    public static PartitionPlan of(int osGib, int dataGib, Kind kind, boolean inPlaceUpdates) {
        Objects.requireNonNull(kind, "kind");
        checkGib("OS image", osGib);
        checkGib("data image", dataGib);
        boolean split = kind == Kind.SPLIT;
        long size = (split ? osGib : (long) osGib + dataGib) * GIB_MIB;
        Disk os = new Disk("os", size);
        os.append(Role.BIOS_BOOT, BIOS);
        if (inPlaceUpdates) {
            os.appendBank(BANK_A, osGib, 1);
            os.appendBank(BANK_B, osGib, 1);
        } else {
            os.appendBank(BANK_A, osGib, 2);
        }
        os.append(Role.PRIVATE, PRIVATE_PER_GIB * osGib - (2 * GPT + BIOS) - INITIAL_DATA);
        os.append(Role.DATA_A, split ? INITIAL_DATA : (long) GIB_MIB * dataGib);
        if (!split) {
            return new PartitionPlan(kind, os, Optional.empty());
        }
        Disk data = new Disk("data", (long) GIB_MIB * dataGib);
        data.append(Role.DATA_B, data.mib - 2 * GPT);
        return new PartitionPlan(kind, os, Optional.of(data));
    }

    private static void checkGib(String what, int gib) {
        if (gib < 1 || gib > 65535) {
            throw new IllegalArgumentException("the " + what + " must be 1 to 65535 GiB, not " + gib);
        }
    }

    /**
     * Finishes the table of the OS image.
     *
     * @param seed what the disk's GUID and the unique GUIDs are derived from that upstream draws at random
     * @return the table
     */
    public PartitionTable osTable(String seed) {
        return os.table(seed, kind);
    }

    /**
     * Finishes the table of the data image.
     *
     * @param seed what the disk's GUID is derived from
     * @return the table; empty for a unified plan
     */
    public Optional<PartitionTable> dataTable(String seed) {
        return data.map(disk -> disk.table(seed, kind));
    }

    /** {@return what the partitions of the OS image are for, partition 1 first} */
    public List<Role> osRoles() {
        return os.slots.stream().map(Slot::role).toList();
    }

    /**
     * Finds a partition on whichever disk has it.
     *
     * @param role what it is for
     * @return its number, 1 or more
     * @throws NoSuchElementException if the plan has no such partition
     */
    public int number(Role role) {
        return slot(role).number;
    }

    /**
     * Tells how much fits into a partition.
     *
     * @param role what it is for
     * @return bytes
     * @throws NoSuchElementException if the plan has no such partition
     */
    public long size(Role role) {
        return slot(role).mib * MIB_SECTORS * PartitionTable.SECTOR;
    }

    private Slot slot(Role role) {
        List<Slot> slots = new ArrayList<>(os.slots);
        data.ifPresent(disk -> slots.addAll(disk.slots));
        return slots.stream()
                .filter(slot -> slot.role == role)
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("this plan has no partition " + role));
    }

    /** One partition's place; offset and size in MiB. */
    private record Slot(Role role, int number, long offset, long mib) {}

    /** A disk while it is planned: partitions are appended to the last one. */
    private static final class Disk {
        private final String name;
        private final long mib;
        private final List<Slot> slots = new ArrayList<>();
        private long end = GPT;

        Disk(String name, long mib) {
            this.name = name;
            this.mib = mib;
        }

        void append(Role role, long size) {
            slots.add(new Slot(role, slots.size() + 1, end, size));
            end += size;
        }

        void appendBank(List<Role> roles, long osGib, int times) {
            append(roles.get(0), (long) times * EFI);
            append(roles.get(1), (long) times * BOOT_PER_GIB * osGib);
            append(roles.get(2), (long) times * ROOT_PER_GIB * osGib);
            append(roles.get(3), (long) times * HASH_PER_GIB * osGib);
            append(roles.get(4), times * (RESERVED_PER_GIB * osGib - EFI));
        }

        PartitionTable table(String seed, Kind kind) {
            List<Partition> partitions = new ArrayList<>();
            for (Slot slot : slots) {
                partitions.add(new Partition(
                        slot.number,
                        slot.role.label(),
                        slot.role.type(),
                        unique(slot.role, seed, kind),
                        slot.role == Role.BOOT_A ? BOOTABLE : 0,
                        slot.offset * MIB_SECTORS,
                        (slot.offset + slot.mib) * MIB_SECTORS - 1));
            }
            return new PartitionTable(Derived.uuid(seed, "disk/" + name), mib * MIB_SECTORS, partitions);
        }

        private static UUID unique(Role role, String seed, Kind kind) {
            if (role == Role.DATA_B || (role == Role.DATA_A && kind == Kind.UNIFIED)) {
                return PREFERRED_DATA;
            }
            return role == Role.DATA_A ? FALLBACK_DATA : Derived.uuid(seed, "partition/" + role.label());
        }
    }
}
