package dev.twoliter.core.internal.disk.erofs;

import dev.twoliter.core.internal.disk.erofs.Segment.Cluster;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Encodes where the clusters of a compressed file lie, in the compact form: behind inode and xattrs, at a multiple of 8,
 * u32 zero; u16 flags; u8 algorithm; u8 zero; then packs with an entry for each block of the file. A pack of 8 bytes has
 * two entries of 16 bits, one of 32 bytes sixteen of 14 bits; its last four bytes are the place of its first cluster, less
 * the blocks that the entries before that count. The large packs begin at a multiple of 32, with small ones before and
 * behind.
 *
 * <p>Entry: 12 bits number; 2 bits type. A head's number is where in its block the cluster's content begins: here always
 * 0. The next entry's is the cluster's blocks, with bit 11 set; that of further ones the distance to their head, but the
 * distance to the next head if it is the last in its pack.
 */
final class ClusterIndex {
    static final int HEADER_SIZE = 8;
    static final int FLAG_LARGE_PACKS = 1;
    /** Both kinds of head. */
    static final int FLAG_BIG_CLUSTERS = 2 | 4;

    static final int TYPE_STORED = 0;
    static final int TYPE_HEAD = 1;
    static final int TYPE_FURTHER = 2;
    static final int NUMBER_BITS = 12;
    static final int NUMBER_MASK = (1 << NUMBER_BITS) - 1;
    static final int COUNTS_BLOCKS = 1 << 11;

    private static final int SMALL_PACK = 2;
    private static final int LARGE_PACK = 16;
    private static final int LARGE_PACK_SIZE = 32;

    private ClusterIndex() {}

    /**
     * How the entries are divided into packs.
     *
     * @param before entries in small packs
     * @param large entries in large packs
     * @param behind entries in small packs, the last of which may have only one
     */
    record Packs(int before, int large, int behind) {
        /** For a header that begins at a place. */
        static Packs of(long headerPlace, int entries) {
            int beforeLarge = (int) (-(headerPlace + HEADER_SIZE) & LARGE_PACK_SIZE - 1) / 4;
            int before = Math.min(beforeLarge, entries);
            int large = (entries - before) / LARGE_PACK * LARGE_PACK;
            return new Packs(before, large, entries - before - large);
        }

        int size() {
            return 4 * (ErofsFormat.align(before, SMALL_PACK) + ErofsFormat.align(behind, SMALL_PACK)) + 2 * large;
        }

        /** How many entries the pack has that begins with an entry. */
        int packAt(int entry) {
            return entry >= before && entry < before + large ? LARGE_PACK : SMALL_PACK;
        }
    }

    static int packSize(int entries) {
        return entries == LARGE_PACK ? LARGE_PACK_SIZE : 8;
    }

    static int entryBits(int entries) {
        return entries == LARGE_PACK ? 14 : 16;
    }

    /** The size of header and packs behind an inode of a size, which lies at a multiple of 32. */
    static int size(int inodeSize, int entries) {
        int header = ErofsFormat.align(inodeSize, HEADER_SIZE);
        return header - inodeSize + HEADER_SIZE + Packs.of(header, entries).size();
    }

    /** Puts header and packs behind an inode of a size. */
    static void put(ByteBuffer inode, int inodeSize, List<Cluster> clusters, long firstBlock) {
        int header = ErofsFormat.align(inodeSize, HEADER_SIZE);
        inode.putShort(header + 4, (short) (FLAG_LARGE_PACKS | FLAG_BIG_CLUSTERS));
        inode.put(header + 6, (byte) ErofsFormat.ALGORITHM_LZ4);
        Entries entries = new Entries(clusters, firstBlock);
        Packs packs = Packs.of(header, entries.count);
        int place = header + HEADER_SIZE;
        for (int first = 0; first < entries.count; ) {
            int pack = packs.packAt(first);
            ByteBuffer bytes = ErofsFormat.allocate(packSize(pack) + 4); // room to put more than the last entry's bits
            for (int i = 0; i < pack && first + i < entries.count; i++) {
                int bit = i * entryBits(pack);
                int entry = entries.entry(first + i, i == pack - 1);
                bytes.putInt(bit / 8, bytes.getInt(bit / 8) | entry << bit % 8);
            }
            bytes.putInt(packSize(pack) - 4, (int) entries.base(first, pack));
            inode.put(place, bytes, 0, packSize(pack));
            place += packSize(pack);
            first += pack;
        }
    }

    /** A file's clusters, looked at block by block. */
    private static final class Entries {
        final int count;
        private final int[] types;
        private final int[] distances;
        private final int[] toNext;
        private final int[] blocks;
        private final long[] places;

        Entries(List<Cluster> clusters, long firstBlock) {
            count = clusters.stream().mapToInt(Cluster::logical).sum();
            types = new int[count];
            distances = new int[count];
            toNext = new int[count];
            blocks = new int[count];
            places = new long[count];
            int entry = 0;
            long place = firstBlock;
            for (Cluster cluster : clusters) {
                for (int i = 0; i < cluster.logical(); i++, entry++) {
                    boolean further = !cluster.stored() && i > 0;
                    types[entry] = cluster.stored() ? TYPE_STORED : further ? TYPE_FURTHER : TYPE_HEAD;
                    distances[entry] = further ? i : 0;
                    toNext[entry] = cluster.logical() - i;
                    blocks[entry] = cluster.physical();
                    places[entry] = cluster.stored() ? place + i : place;
                }
                place += cluster.physical();
            }
        }

        int entry(int index, boolean lastInPack) {
            return types[index] << NUMBER_BITS | number(index, lastInPack);
        }

        private int number(int index, boolean lastInPack) {
            if (types[index] != TYPE_FURTHER) {
                return 0;
            }
            if (distances[index] == 1) {
                return blocks[index] | COUNTS_BLOCKS;
            }
            return lastInPack ? toNext[index] : distances[index];
        }

        /** A reader adds to it the blocks that the pack's entries count before the one it looks for. */
        long base(int first, int pack) {
            int head = first;
            while (head < count && head < first + pack && types[head] == TYPE_FURTHER) {
                head++;
            }
            if (head == count || head == first + pack) {
                return places[first];
            }
            return places[head] - (distances[first] == 1 ? blocks[first] : 0);
        }
    }
}
