package dev.twoliter.core.internal.disk.erofs;

import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.BLOCK;

import dev.twoliter.core.internal.disk.erofs.ErofsFormat.InodeType;
import dev.twoliter.core.internal.disk.erofs.Segment.Cluster;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Directory;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.core.internal.disk.tree.TreeNode;
import java.util.ArrayList;
import java.util.List;

/** An inode that will be. */
final class ErofsNode {
    final TreeNode tree;
    final InodeType type;
    final byte[] xattrs;
    final long size;
    final boolean compact;
    /** Bytes behind the inode; the rest of the size is in blocks. */
    int tail;
    /** What a regular file's blocks hold; a file is compressed if any of them is. */
    final List<Cluster> clusters = new ArrayList<>();

    long firstBlock;
    /** Where the inode lies. */
    long place;

    ErofsNode(TreeNode tree, byte[] xattrs, long time) {
        this.tree = tree;
        this.xattrs = xattrs;
        if (tree.inode() instanceof Directory) {
            type = InodeType.DIRECTORY;
            size = DirectoryBlocks.size(tree);
        } else {
            type = tree.inode() instanceof RegularFile ? InodeType.REGULAR : InodeType.SYMLINK;
            size = tree.content().size();
        }
        Attributes attributes = tree.inode().attributes();
        int most = 0xFFFF;
        compact = attributes.mtime() == time
                && attributes.uid() <= most
                && attributes.gid() <= most
                && tree.links() <= most
                && size <= 0xFFFF_FFFFL;
        int rest = (int) (size % BLOCK);
        tail = headerSize() + rest <= BLOCK ? rest : 0;
    }

    int headerSize() {
        return (compact ? ErofsFormat.COMPACT_INODE_SIZE : ErofsFormat.INODE_SIZE) + xattrs.length;
    }

    /** What lies at the inode's place: fields, xattrs, and tail or index. */
    int inodeSize() {
        return headerSize() + (isCompressed() ? ClusterIndex.size(headerSize(), entries()) : tail);
    }

    /** Entries in the index of a compressed file. */
    private int entries() {
        return Math.toIntExact(ErofsFormat.blocks(size));
    }

    boolean isCompressed() {
        return clusters.stream().anyMatch(cluster -> !cluster.stored());
    }

    /** Blocks outside of the metadata. */
    long blocks() {
        return isCompressed() ? clusters.stream().mapToLong(Cluster::physical).sum() : ErofsFormat.blocks(size - tail);
    }

    int layout() {
        if (isCompressed()) {
            return ErofsFormat.LAYOUT_COMPRESSED;
        }
        return tail > 0 ? ErofsFormat.LAYOUT_INLINE : ErofsFormat.LAYOUT_PLAIN;
    }
}
