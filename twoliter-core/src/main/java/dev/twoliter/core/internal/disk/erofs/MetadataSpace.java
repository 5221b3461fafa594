package dev.twoliter.core.internal.disk.erofs;

import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.BLOCK;
import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.SLOT;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Hands out the room for inodes. A piece of at most a block never crosses a block's end, which is what the kernel asks
 * of an inode with a tail; the rooms this leaves at the ends of blocks are filled with later pieces, the tightest first.
 */
final class MetadataSpace {
    private final NavigableMap<Integer, Deque<Long>> gaps = new TreeMap<>();
    private long end;

    /** Starts at a place on a boundary of a block. */
    MetadataSpace(long start) {
        this.end = start;
    }

    /** Finds room for a piece; gives its first byte's place, a multiple of 32. */
    long allocate(int size) {
        int slots = ErofsFormat.align(size, SLOT);
        Map.Entry<Integer, Deque<Long>> gap = gaps.ceilingEntry(slots);
        if (gap != null) {
            long place = gap.getValue().pop();
            if (gap.getValue().isEmpty()) {
                gaps.remove(gap.getKey());
            }
            keep(place + slots, gap.getKey() - slots);
            return place;
        }
        int left = (int) (ErofsFormat.blocks(end) * BLOCK - end);
        if (left < Math.min(slots, BLOCK)) {
            keep(end, left);
            end += left;
        }
        long place = end;
        end += slots;
        return place;
    }

    /** The first byte behind all pieces. */
    long end() {
        return end;
    }

    private void keep(long place, int size) {
        if (size >= ErofsFormat.INODE_SIZE) {
            gaps.computeIfAbsent(size, s -> new ArrayDeque<>()).add(place);
        }
    }
}
