package dev.twoliter.core.internal.disk.layout;

import dev.twoliter.api.PartitionSpec;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import java.util.Optional;
import java.util.UUID;

/**
 * A partition's place on a planned disk.
 *
 * @param number in the partition table, 1 or more
 * @param offset MiB from the start of the disk
 * @param mib its size in MiB
 * @param role what it is for; empty for a maintainer's own
 * @param own what a maintainer says of it; empty for Bottlerocket's
 */
public record Slot(int number, long offset, long mib, Optional<Role> role, Optional<PartitionSpec> own) {
    static final int MIB_SECTORS = 2048;

    /** {@return its size in bytes} */
    public long size() {
        return mib * MIB_SECTORS * PartitionTable.SECTOR;
    }

    /** {@return its first byte's place on the disk} */
    public long start() {
        return offset * MIB_SECTORS * PartitionTable.SECTOR;
    }

    /** {@return its name in the partition table; may be empty} */
    public String label() {
        return role.map(Role::label).orElseGet(() -> own.orElseThrow().label());
    }

    /** {@return what people call it: the label, or for data partitions, which have none, their role} */
    public String name() {
        return label().isEmpty() ? role.orElseThrow().name() : label();
    }

    UUID type() {
        return role.map(Role::type).orElseGet(() -> own.orElseThrow().type().orElse(PartitionSpec.LINUX));
    }

    long end() {
        return offset + mib;
    }

    String range() {
        return name() + " (MiB " + offset + " to " + end() + ")";
    }
}
