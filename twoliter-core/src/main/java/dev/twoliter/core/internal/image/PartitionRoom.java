package dev.twoliter.core.internal.image;

import dev.twoliter.api.EngineException;
import dev.twoliter.core.internal.disk.layout.PartitionPlan;
import dev.twoliter.core.internal.disk.layout.Role;
import dev.twoliter.core.internal.disk.layout.Slot;

/**
 * How much fits into a variant's partitions.
 *
 * @param variant its name, for messages
 * @param plan its partitions
 */
record PartitionRoom(String variant, PartitionPlan plan) {
    private static final int MIB = 1 << 20;

    /** Refuses what does not fit. */
    void require(Slot slot, long size, String what) {
        if (size > slot.size()) {
            throw new EngineException(
                    what + " of variant '" + variant + "' needs " + (size + MIB - 1) / MIB + " MiB, but " + slot.name()
                            + " has " + slot.mib() + " MiB",
                    slot.role().filter(Role.ROOT_A::equals).isPresent()
                            ? "Raise os-image-size-gib in image-layout, or include fewer packages."
                            : "Raise os-image-size-gib in image-layout, or give the partition another size there.",
                    null);
        }
    }

    long size(Role role) {
        return plan.slot(role).size();
    }

    void require(Role role, long size, String what) {
        require(plan.slot(role), size, what);
    }
}
