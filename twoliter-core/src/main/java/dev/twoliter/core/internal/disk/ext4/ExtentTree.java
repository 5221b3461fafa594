package dev.twoliter.core.internal.disk.ext4;

import static dev.twoliter.core.internal.disk.ext4.Ext4Format.EXTENTS_IN_INODE;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.EXTENT_SIZE;

import dev.twoliter.core.internal.disk.ext4.BlockAllocator.Extent;
import java.nio.ByteBuffer;
import java.util.List;

/** Encodes where a file's blocks lie: in the inode, or in leaves that the inode leads to. */
final class ExtentTree {
    static final int HEADER_SIZE = 12;

    private ExtentTree() {}

    /** How many extents fit into a leaf. */
    static int room(int blockSize) {
        return (blockSize - HEADER_SIZE) / EXTENT_SIZE;
    }

    /** The 60 bytes of the inode. */
    static ByteBuffer root(List<Extent> extents, List<Long> leaves, int blockSize) {
        ByteBuffer root = Ext4Format.allocate(HEADER_SIZE + EXTENTS_IN_INODE * EXTENT_SIZE);
        if (leaves.isEmpty()) {
            header(root, extents.size(), EXTENTS_IN_INODE, 0);
            extents.forEach(extent -> put(root, extent));
        } else {
            header(root, leaves.size(), EXTENTS_IN_INODE, 1);
            for (int i = 0; i < leaves.size(); i++) {
                long leaf = leaves.get(i);
                root.putInt((int) extents.get(i * room(blockSize)).fileBlock());
                root.putInt((int) leaf).putShort((short) (leaf >>> 32)).putShort((short) 0);
            }
        }
        return root.clear();
    }

    /** A leaf's block, without its checksum. */
    static ByteBuffer leaf(List<Extent> extents, int index, int blockSize) {
        int room = room(blockSize);
        List<Extent> own = extents.subList(index * room, Math.min((index + 1) * room, extents.size()));
        ByteBuffer leaf = Ext4Format.allocate(blockSize);
        header(leaf, own.size(), room, 0);
        own.forEach(extent -> put(leaf, extent));
        return leaf.clear();
    }

    static int checksumPlace(int blockSize) {
        return HEADER_SIZE + room(blockSize) * EXTENT_SIZE;
    }

    private static void header(ByteBuffer to, int count, int room, int depth) {
        to.putShort(Ext4Format.EXTENT_MAGIC).putShort((short) count).putShort((short) room);
        to.putShort((short) depth).putInt(0);
    }

    private static void put(ByteBuffer to, Extent extent) {
        to.putInt((int) extent.fileBlock()).putShort((short) extent.length());
        to.putShort((short) (extent.block() >>> 32)).putInt((int) extent.block());
    }
}
