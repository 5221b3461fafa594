package dev.twoliter.core.internal.disk.ext4;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Hands out blocks in order, passing over the copies of the super block. */
final class BlockAllocator {
    private final Geometry geometry;
    private final List<Extent> gaps = new ArrayList<>();
    private long next;

    /** A run of a file's blocks. */
    record Extent(long fileBlock, long block, int length) {}

    BlockAllocator(Geometry geometry) {
        this.geometry = geometry;
        this.next = geometry.firstBlock();
    }

    /** Allocates a file's blocks. */
    List<Extent> allocate(long count) {
        List<Extent> extents = new ArrayList<>(1);
        for (long done = 0; done < count; ) {
            long block = skipSuper();
            int group = geometry.groupOf(block);
            long free = geometry.groupStart(group) + geometry.blocksPerGroup() - block;
            int length = (int) Math.min(count - done, free);
            Extent last = extents.isEmpty() ? null : extents.get(extents.size() - 1);
            if (last != null
                    && last.block() + last.length() == block
                    && last.length() + length <= Ext4Format.MAX_EXTENT) {
                extents.set(extents.size() - 1, new Extent(last.fileBlock(), last.block(), last.length() + length));
            } else {
                extents.add(new Extent(done, block, length));
            }
            next = block + length;
            done += length;
        }
        return extents;
    }

    /** Allocates one block. */
    long one() {
        return allocate(1).get(0).block();
    }

    /** Allocates blocks that must lie together; what this leaves between two copies of the super block stays free. */
    long together(int count) {
        long block = skipSuper();
        for (int group = geometry.groupOf(block) + 1; geometry.groupStart(group) < block + count; group++) {
            if (Geometry.hasSuper(group)) {
                long end = geometry.groupStart(group);
                gaps.add(new Extent(0, block, (int) (end - block)));
                block = end + geometry.superBlocks(group);
            }
        }
        next = block + count;
        return block;
    }

    /** The bits of a group's blocks that are in use; those beyond its end count as used. */
    BitSet used(int group) {
        long start = geometry.groupStart(group);
        BitSet used = new BitSet(geometry.blocksPerGroup());
        used.set(0, within(next - start));
        for (Extent gap : gaps) {
            used.clear(within(gap.block() - start), within(gap.block() + gap.length() - start));
        }
        used.set(0, geometry.superBlocks(group));
        used.set(geometry.groupBlocks(group), geometry.blocksPerGroup());
        return used;
    }

    private int within(long bit) {
        return (int) Math.max(0, Math.min(bit, geometry.blocksPerGroup()));
    }

    /** The first block behind all that were handed out; may lie beyond the end of a file system that is too small. */
    long end() {
        return next;
    }

    private long skipSuper() {
        int group = geometry.groupOf(next);
        return Math.max(next, geometry.groupStart(group) + geometry.superBlocks(group));
    }
}
