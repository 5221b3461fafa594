package dev.twoliter.core.internal.disk.verity;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Where the levels of a tree lie on the hash device. Level 0 has the digests of the data blocks, 128 to a block; each
 * next level has those of the blocks before; the last has one block, whose digest is the root hash. The last level
 * comes first on the device, after the superblock. Data of a single block needs no level.
 *
 * @param levels level 0 first
 */
record VerityLevels(List<Level> levels) {
    static final int DIGEST = 32;
    static final int DIGESTS_PER_BLOCK = VeritySuperblock.BLOCK / DIGEST;

    /** One level: its first block on the hash device, and how many. */
    record Level(long first, long count) {}

    static VerityLevels of(long dataBlocks) {
        Deque<Long> counts = new ArrayDeque<>();
        for (long count = dataBlocks; count > 1; ) {
            count = (count + DIGESTS_PER_BLOCK - 1) / DIGESTS_PER_BLOCK;
            counts.push(count);
        }
        Deque<Level> levels = new ArrayDeque<>();
        long first = 1;
        for (long count : counts) {
            levels.push(new Level(first, count));
            first += count;
        }
        return new VerityLevels(List.copyOf(levels));
    }

    /** The size of the hash device, with the superblock. */
    long blocks() {
        return 1 + levels.stream().mapToLong(Level::count).sum();
    }
}
