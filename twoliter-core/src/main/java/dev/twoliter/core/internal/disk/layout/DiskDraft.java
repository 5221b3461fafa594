package dev.twoliter.core.internal.disk.layout;

import dev.twoliter.api.PartitionSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A disk while it is planned. Used once. */
final class DiskDraft {
    private static final int GPT = 1;

    private final String name;
    private final List<Slot> slots = new ArrayList<>();
    private long gib;
    private long end = GPT;

    DiskDraft(String name, long gib) {
        this.name = name;
        this.gib = gib;
    }

    void atLeast(long size) {
        gib = Math.max(gib, size);
    }

    /** Puts one of Bottlerocket's behind everything that is there. */
    void append(Role role, long mib) {
        add(end, mib, Optional.of(role), Optional.empty());
    }

    /** Puts a maintainer's own where they say, and the others behind each other. */
    void appendOwn(List<PartitionSpec> partitions) {
        for (PartitionSpec one : partitions) {
            if (one.offsetMib().isEmpty()) {
                add(end, one.sizeMib(), Optional.empty(), Optional.of(one));
            }
        }
        for (PartitionSpec one : partitions) {
            one.offsetMib().ifPresent(at -> add(at, one.sizeMib(), Optional.empty(), Optional.of(one)));
        }
    }

    private void add(long offset, long mib, Optional<Role> role, Optional<PartitionSpec> own) {
        Slot slot = new Slot(slots.size() + 1, offset, mib, role, own);
        for (Slot other : slots) {
            if (slot.offset() < other.end() && other.offset() < slot.end()) {
                throw new LayoutException(
                        slot.range() + " overlaps " + other.range(),
                        "Leave offset-mib out, and each partition begins where the one before it ends.");
            }
        }
        slots.add(slot);
        end = Math.max(end, slot.end());
    }

    /** Rounds the size up to whole GiB, with room for the table's copy. */
    PlannedDisk finish() {
        atLeast((end + GPT + PlannedDisk.GIB_MIB - 1) / PlannedDisk.GIB_MIB);
        List<Slot> ordered = new ArrayList<>();
        for (Slot slot :
                slots.stream().sorted(Comparator.comparingLong(Slot::offset)).toList()) {
            ordered.add(new Slot(ordered.size() + 1, slot.offset(), slot.mib(), slot.role(), slot.own()));
        }
        return new PlannedDisk(name, gib, ordered);
    }
}
