package dev.twoliter.core.internal.disk.erofs;

import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.BLOCK;

import dev.twoliter.core.internal.disk.erofs.ClusterIndex.Packs;
import dev.twoliter.core.internal.disk.tree.ImageWalk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads the index of a compressed file, compact or full. */
final class ClusterMap {
    /** So many entries are read: of a file of 8 GiB. */
    private static final int MAX_ENTRIES = 1 << 21;

    private static final int FULL_ENTRY = 8;

    private final ImageWalk walk;
    private final List<Extent> extents = new ArrayList<>();
    private final boolean big;
    /** The head before the entry at hand, and how many blocks its cluster has: unknown until the next entry. */
    private long headPlace = -1;

    private long headBlock;
    private boolean headStored;
    private int headBlocks;

    /** A cluster: where its content begins in the file, and where its data lies. */
    record Extent(long place, long block, int blocks, boolean stored) {}

    /** Reads bytes of the image. */
    interface Bytes {
        ByteBuffer read(long place, int count) throws IOException;
    }

    private ClusterMap(ImageWalk walk, boolean big) {
        this.walk = walk;
        this.big = big;
    }

    /** Reads the clusters of a file of a size, whose fields and xattrs end at a place; the last extent is its end. */
    static List<Extent> read(long inodeEnd, long size, boolean compact, ImageWalk walk, Bytes image)
            throws IOException {
        walk.require(size / BLOCK < MAX_ENTRIES, "a compressed file is too large: " + size + " bytes");
        int entries = (int) ErofsFormat.blocks(size);
        long header = (inodeEnd + 7) & ~7L;
        ByteBuffer fields = image.read(header, ClusterIndex.HEADER_SIZE);
        int flags = fields.getShort(4);
        int known = ClusterIndex.FLAG_LARGE_PACKS | ClusterIndex.FLAG_BIG_CLUSTERS;
        walk.require(
                (flags & ~known) == 0 && (fields.get(6) & 0xF) == ErofsFormat.ALGORITHM_LZ4 && fields.get(7) == 0,
                "a compressed file has features that this reader lacks");
        ClusterMap map = new ClusterMap(walk, (flags & ClusterIndex.FLAG_BIG_CLUSTERS) != 0);
        long index = header + ClusterIndex.HEADER_SIZE;
        if (compact) {
            Packs packs =
                    (flags & ClusterIndex.FLAG_LARGE_PACKS) != 0 ? Packs.of(header, entries) : new Packs(0, 0, entries);
            map.readPacks(image.read(index, packs.size()), packs, entries);
        } else {
            map.readFull(image.read(index + FULL_ENTRY, entries * FULL_ENTRY), entries);
        }
        if (map.headPlace < size) { // mkfs.erofs ends an index with a head where the file ends
            map.endHead();
        }
        walk.require(size == 0 || !map.extents.isEmpty(), "a compressed file begins with no cluster");
        map.extents.add(new Extent(size, 0, 0, true));
        for (int i = 1; i < map.extents.size(); i++) {
            long length = map.extents.get(i).place - map.extents.get(i - 1).place;
            walk.require(length > 0, "the clusters of a file are out of order");
        }
        return map.extents;
    }

    private void readPacks(ByteBuffer bytes, Packs packs, int entries) {
        int place = 0;
        for (int first = 0; first < entries; ) {
            int pack = packs.packAt(first);
            int packSize = ClusterIndex.packSize(pack);
            long base = ErofsSuperBlock.unsigned(bytes.getInt(place + packSize - 4));
            int counted = big ? 0 : 1;
            boolean headInPack = false;
            for (int i = 0; i < pack && first + i < entries; i++) {
                int bit = i * ClusterIndex.entryBits(pack);
                int entry = bits(bytes, place, bit);
                int type = entry >>> ClusterIndex.NUMBER_BITS & 3;
                int number = entry & ClusterIndex.NUMBER_MASK;
                if (type == ClusterIndex.TYPE_FURTHER) {
                    if (big && (number & ClusterIndex.COUNTS_BLOCKS) != 0) {
                        counted += number & ~ClusterIndex.COUNTS_BLOCKS;
                        headInPack = false;
                    }
                    further(number);
                } else {
                    counted += headInPack ? 1 : 0;
                    head(first + i, type, number, base + counted);
                    headInPack = true;
                }
            }
            place += packSize;
            first += pack;
        }
    }

    private static int bits(ByteBuffer bytes, int place, int bit) {
        int at = place + bit / 8;
        int value = (bytes.get(at) & 0xFF) | ((bytes.get(at + 1) & 0xFF) << 8) | ((bytes.get(at + 2) & 0xFF) << 16);
        return value >>> bit % 8;
    }

    private void readFull(ByteBuffer bytes, int entries) {
        for (int i = 0; i < entries; i++) {
            int type = bytes.getShort(i * FULL_ENTRY);
            if (type == ClusterIndex.TYPE_FURTHER) {
                further(bytes.getShort(i * FULL_ENTRY + 4) & 0xFFFF);
            } else {
                int offset = bytes.getShort(i * FULL_ENTRY + 2) & 0xFFFF;
                head(i, type, offset, ErofsSuperBlock.unsigned(bytes.getInt(i * FULL_ENTRY + 4)));
            }
        }
    }

    private void head(int entry, int type, int offset, long block) {
        endHead();
        walk.require(
                (type == ClusterIndex.TYPE_HEAD || type == ClusterIndex.TYPE_STORED)
                        && offset < BLOCK
                        && (entry > 0 || offset == 0),
                "an entry of a file's clusters is damaged");
        headPlace = (long) entry * BLOCK + offset;
        headBlock = block;
        headStored = type == ClusterIndex.TYPE_STORED;
        headBlocks = 1;
    }

    private void further(int number) {
        walk.require(headPlace >= 0, "a compressed file begins with no cluster");
        if (big && (number & ClusterIndex.COUNTS_BLOCKS) != 0) {
            headBlocks = number & ~ClusterIndex.COUNTS_BLOCKS;
        }
    }

    private void endHead() {
        if (headPlace >= 0) {
            extents.add(new Extent(headPlace, headBlock, headBlocks, headStored));
        }
    }
}
