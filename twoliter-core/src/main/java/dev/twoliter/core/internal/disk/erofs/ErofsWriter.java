package dev.twoliter.core.internal.disk.erofs;

import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.BLOCK;
import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.SLOT;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.erofs.ErofsFormat.InodeType;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentReader;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes a {@link Tree} as an EROFS image. Same tree and options: same bytes, whatever the number of threads. Holds the
 * inodes in memory, of the files' contents a few segments of 4 MiB; contents of less than 4 KiB, and tails, are read in a
 * second pass.
 *
 * <p>The image: block 0 with the super block; the blocks of regular files in the order of the paths; inodes with their
 * xattrs, tails and indexes, the root directory first (its nid must fit into 16 bits); shared xattrs; the blocks of
 * directories and long symlinks.
 */
public final class ErofsWriter {
    private final ErofsOptions options;
    private final SeekableByteChannel out;
    private final List<ErofsNode> nodes = new ArrayList<>();
    private final XattrTable xattrs = new XattrTable();
    /** Where the metadata begins; nids count from here. */
    private long metadata;

    private ErofsWriter(ErofsOptions options, SeekableByteChannel out) {
        this.options = options;
        this.out = out;
    }

    /**
     * Writes an image without compression.
     *
     * @param tree what it shall hold
     * @param uuid the file system's identifier
     * @param time seconds since 1970, for the super block
     * @param out an empty file
     * @return the image's size in bytes, whole blocks of 4096
     * @throws FormatException if the tree has something that EROFS cannot store
     * @throws StorageException if a file's content cannot be read or has not the size it said
     * @throws IOException if the channel fails
     */
    public static long write(Tree tree, UUID uuid, long time, SeekableByteChannel out) throws IOException {
        return write(tree, ErofsOptions.plain(uuid, time), out);
    }

    /**
     * Writes an image.
     *
     * @param tree what it shall hold
     * @param options what else it shall be like
     * @param out an empty file
     * @return the image's size in bytes, whole blocks of 4096
     * @throws FormatException if the tree has something that EROFS cannot store
     * @throws StorageException if a file's content cannot be read or has not the size it said, or if the library that
     *     compresses cannot be loaded
     * @throws IOException if the channel fails
     */
    public static long write(Tree tree, ErofsOptions options, SeekableByteChannel out) throws IOException {
        return new ErofsWriter(options, out).write(tree);
    }

    private long write(Tree tree) throws IOException {
        List<TreeNode> all = TreeNode.all(tree);
        all.forEach(node ->
                xattrs.count(node.inode().attributes().xattrs(), node.inode().path()));
        xattrs.share();
        for (TreeNode node : all) {
            byte[] area =
                    xattrs.area(node.inode().attributes().xattrs(), node.inode().path());
            nodes.add(new ErofsNode(node, area, options.time()));
        }
        metadata = writeFiles() * BLOCK;
        MetadataSpace space = new MetadataSpace(metadata + SLOT); // no inode has the number 0
        for (ErofsNode node : nodes) {
            node.place = space.allocate(node.inodeSize());
        }
        long sharedPlace = ErofsFormat.blocks(space.end()) * BLOCK;
        ByteBuffer shared = xattrs.sharedArea();
        long block = ErofsFormat.blocks(sharedPlace + shared.limit());
        for (ErofsNode node : nodes) {
            if (node.type != InodeType.REGULAR && node.blocks() > 0) {
                node.firstBlock = block;
                block += node.blocks();
            }
        }
        if (block > 0xFFFF_FFFFL) {
            throw new FormatException("root tree", "is too large for EROFS: " + block + " blocks");
        }
        Channels.write(out, sharedPlace, shared);
        for (ErofsNode node : nodes) {
            writeInode(node);
        }
        Channels.write(out, 0, superBlock(block, sharedPlace / BLOCK));
        Channels.extend(out, block * BLOCK);
        return block * BLOCK;
    }

    /** Writes the blocks of regular files; gives the first block behind them. */
    private long writeFiles() throws IOException {
        try (FileData data = new FileData(options, out, 1)) {
            for (ErofsNode node : nodes) {
                if (node.type == InodeType.REGULAR && node.blocks() > 0) {
                    data.write(node);
                }
            }
            return data.finish();
        }
    }

    private ByteBuffer superBlock(long blocks, long sharedBlock) {
        boolean compressed = options.level() > 0;
        ByteBuffer block = ErofsFormat.allocate(BLOCK);
        block.position(ErofsFormat.SUPER_OFFSET);
        block.putInt(ErofsFormat.MAGIC);
        block.putInt(0); // CRC, below
        block.putInt(ErofsFormat.FEATURE_CRC | ErofsFormat.FEATURE_MTIME);
        block.put((byte) ErofsFormat.BLOCK_BITS);
        block.put((byte) 0); // no extended slots
        block.putShort((short) ((nodes.get(0).place - metadata) / SLOT));
        block.putLong(nodes.size());
        block.putLong(options.time());
        block.putInt(0); // nanoseconds
        block.putInt((int) blocks);
        block.putInt((int) (metadata / BLOCK));
        block.putInt((int) sharedBlock);
        block.putLong(Long.reverseBytes(options.uuid().getMostSignificantBits()));
        block.putLong(Long.reverseBytes(options.uuid().getLeastSignificantBits()));
        if (compressed) {
            block.putInt(
                    ErofsFormat.SUPER_OFFSET + 80, ErofsFormat.FEATURE_ZERO_PADDING | ErofsFormat.FEATURE_BIG_CLUSTERS);
            block.putShort(ErofsFormat.SUPER_OFFSET + 84, (short) (1 << ErofsFormat.ALGORITHM_LZ4));
            block.position(ErofsFormat.SUPER_OFFSET + ErofsFormat.SUPER_SIZE);
            block.putShort((short) ErofsFormat.LZ4_LIMITS_SIZE).putShort((short) ErofsFormat.LZ4_MAX_DISTANCE);
            block.putShort((short) (options.clusterSize() / BLOCK));
        }
        block.putInt(ErofsFormat.SUPER_OFFSET + ErofsFormat.SUPER_CRC_OFFSET, ErofsFormat.crc(block));
        return block.clear();
    }

    private void writeInode(ErofsNode node) throws IOException {
        Attributes attributes = node.tree.inode().attributes();
        ByteBuffer inode = ErofsFormat.allocate(node.inodeSize());
        inode.putShort((short) ((node.compact ? 0 : 1) | node.layout() << 1));
        inode.putShort((short) xattrCount(node.xattrs.length));
        inode.putShort((short) (node.type.modeBits | attributes.mode()));
        int data = (int) (node.isCompressed() ? node.blocks() : node.firstBlock);
        int number = node.tree.index() + 1;
        if (node.compact) {
            inode.putShort((short) node.tree.links())
                    .putInt((int) node.size)
                    .putInt(0)
                    .putInt(data)
                    .putInt(number);
            inode.putShort((short) attributes.uid())
                    .putShort((short) attributes.gid())
                    .putInt(0);
        } else {
            inode.putShort((short) 0).putLong(node.size).putInt(data).putInt(number);
            inode.putInt(attributes.uid()).putInt(attributes.gid());
            inode.putLong(attributes.mtime()).putInt(0); // nanoseconds
            inode.putInt(node.tree.links()).putLong(0).putLong(0);
        }
        inode.put(node.xattrs);
        if (node.isCompressed()) {
            ClusterIndex.put(inode, node.headerSize(), node.clusters, node.firstBlock);
        } else if (node.type == InodeType.REGULAR) {
            readTail(node, node.tree.content(), inode);
        } else {
            writeSmall(node, inode);
        }
        Channels.write(out, node.place, inode.clear());
    }

    private static int xattrCount(int areaSize) {
        return areaSize == 0 ? 0 : (areaSize - ErofsFormat.XATTR_HEADER_SIZE) / 4 + 1;
    }

    private static void readTail(ErofsNode node, ContentSource source, ByteBuffer inode) {
        if (node.tail > 0 || node.size == 0) {
            try (ContentReader content = ContentReader.open(node.tree.inode(), source)) {
                content.skip(node.size - node.tail);
                content.read(inode.array(), node.headerSize(), node.tail);
                content.expectEnd();
            }
        }
    }

    /** Puts the tail of a directory or symlink behind its inode, and writes its blocks. */
    private void writeSmall(ErofsNode node, ByteBuffer inode) throws IOException {
        ContentSource content = node.type == InodeType.SYMLINK
                ? node.tree.content()
                : ContentSource.of(DirectoryBlocks.content(
                        node.tree, Math.toIntExact(node.size), tree -> nodes.get(tree.index()), metadata));
        readTail(node, content, inode);
        byte[] blocks = new byte[(int) (node.blocks() * BLOCK)];
        try (ContentReader reader = ContentReader.open(node.tree.inode(), content)) {
            reader.read(blocks, 0, (int) (node.size - node.tail));
        }
        Channels.write(out, node.firstBlock * BLOCK, ByteBuffer.wrap(blocks));
    }
}
