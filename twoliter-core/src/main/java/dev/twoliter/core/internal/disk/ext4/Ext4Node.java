package dev.twoliter.core.internal.disk.ext4;

import static dev.twoliter.core.internal.disk.ext4.Ext4Format.DIRECTORY_TAIL;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.DIRENT_SIZE;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.EXTENTS_IN_INODE;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.align;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.ext4.BlockAllocator.Extent;
import dev.twoliter.core.internal.disk.ext4.Ext4Format.InodeType;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Directory;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.core.internal.disk.tree.TreeNode;
import java.util.ArrayList;
import java.util.List;

/** An inode that will be, and where its blocks lie. */
final class Ext4Node {
    final TreeNode tree;
    final int number;
    final InodeType type;
    final long size;
    final Ext4Xattrs xattrs;
    /** Of a directory: how many of its names are in each block, {@code .} and {@code ..} counted with the first's. */
    final List<Integer> namesInBlocks;

    List<Extent> extents = List.of();
    final List<Long> leaves = new ArrayList<>();
    long xattrBlock;

    Ext4Node(TreeNode tree, int number, int blockSize) {
        this.tree = tree;
        this.number = number;
        String path = tree.inode().path();
        this.xattrs = new Ext4Xattrs(tree.inode().attributes().xattrs(), path, blockSize);
        if (tree.inode() instanceof Directory) {
            type = InodeType.DIRECTORY;
            namesInBlocks = namesInBlocks(tree, blockSize - DIRECTORY_TAIL);
            size = (long) namesInBlocks.size() * blockSize;
        } else {
            type = tree.inode() instanceof RegularFile ? InodeType.REGULAR : InodeType.SYMLINK;
            namesInBlocks = List.of();
            size = tree.content().size();
        }
        if (type == InodeType.SYMLINK && size >= blockSize) {
            throw new FormatException(path, "its target is too long for ext4 with blocks of " + blockSize + " bytes");
        }
    }

    private static List<Integer> namesInBlocks(TreeNode directory, int room) {
        List<Integer> counts = new ArrayList<>();
        int count = 2;
        int used = 2 * (DIRENT_SIZE + 4);
        for (TreeNode.Name name : directory.names()) {
            int entry = DIRENT_SIZE + align(name.bytes().length);
            if (used + entry > room) {
                counts.add(count);
                count = 0;
                used = 0;
            }
            count++;
            used += entry;
        }
        counts.add(count);
        return counts;
    }

    boolean isFastSymlink() {
        return type == InodeType.SYMLINK && size < Ext4Format.FAST_SYMLINK;
    }

    void allocate(BlockAllocator allocator, int blockSize) {
        leaves.clear();
        extents = isFastSymlink() ? List.of() : allocator.allocate(Ext4Format.blocks(size, blockSize));
        if (extents.size() > EXTENTS_IN_INODE) {
            int leafCount = (int) Ext4Format.blocks(extents.size(), ExtentTree.room(blockSize));
            if (leafCount > EXTENTS_IN_INODE) {
                throw new FormatException(tree.inode().path(), "is too large a file: " + size + " bytes");
            }
            for (int i = 0; i < leafCount; i++) {
                leaves.add(allocator.one());
            }
        }
    }

    /** All blocks that count as its own. */
    long blocks() {
        long data = extents.stream().mapToLong(Extent::length).sum();
        return data + leaves.size() + (xattrBlock == 0 ? 0 : 1);
    }
}
