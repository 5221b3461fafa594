package dev.twoliter.core.internal.disk.ext4;

import static dev.twoliter.core.internal.disk.ext4.Ext4Format.DESCRIPTOR_SIZE;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.DIRECTORY_TAIL;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.DIRENT_SIZE;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.FIRST;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.INODE_SIZE;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.align;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.allocate;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.Derived;
import dev.twoliter.core.internal.disk.ext4.BlockAllocator.Extent;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentReader;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes a {@link Tree} as an ext4 file system, with checksums over all of its metadata. Same tree and options: same
 * bytes. Blocks of zeros are not written, so the channel must be empty. Holds the inodes in memory, of the files'
 * contents one buffer.
 *
 * <p>The image: super block and groups' descriptors; all bitmaps; all tables of inodes; the journal; then inode by inode,
 * in the order of the paths, its xattrs and content. A directory {@code /lost+found} is made if the tree has none.
 */
public final class Ext4Writer {
    private static final int BUFFER = 256 * 1024;
    private static final String LOST_AND_FOUND = "/lost+found";
    /** The format ends in the year 2446. */
    private static final long MAX_TIME = 0x3_7FFF_FFFFL;

    private static final int MAX_LINKS = 65_000;
    private static final int JOURNAL_MAGIC = 0xC03B3998;

    private final Ext4Options options;
    private final UUID uuid;
    private final int blockSize;
    private final SeekableByteChannel out;
    private final byte[] buffer = new byte[BUFFER];
    private final List<Ext4Node> nodes = new ArrayList<>();
    private final Map<ByteBuffer, XattrBlock> xattrBlocks = new LinkedHashMap<>();

    private Ext4Writer(Ext4Options options, SeekableByteChannel out) {
        this.options = options;
        this.uuid = options.uuid();
        this.blockSize = options.blockSize();
        this.out = out;
    }

    /** A block of xattrs, and the inodes that have these. */
    private static final class XattrBlock {
        int users;
        long place;
    }

    /** Where everything lies. */
    private record Placement(
            Geometry geometry,
            BlockAllocator allocator,
            long[] blockBitmaps,
            long[] inodeBitmaps,
            long[] tables,
            List<Extent> journal) {}

    /**
     * Writes a file system.
     *
     * @param tree what it shall hold
     * @param options what else it shall be like
     * @param out an empty file
     * @return its size in bytes
     * @throws FormatException if the tree has something that ext4 cannot store, or does not fit the size
     * @throws StorageException if a file's content cannot be read or has not the size it said
     * @throws IOException if the channel fails
     */
    public static long write(Tree tree, Ext4Options options, SeekableByteChannel out) throws IOException {
        boolean complete = tree.find(LOST_AND_FOUND).isPresent();
        Tree whole = complete
                ? tree
                : tree.toBuilder()
                        .directory(LOST_AND_FOUND, Attributes.root(0700, options.time()), "ext4")
                        .build();
        return new Ext4Writer(options, out).write(whole);
    }

    private long write(Tree tree) throws IOException {
        int number = FIRST + 1;
        for (TreeNode node : TreeNode.all(tree)) {
            String path = node.inode().path();
            int own = path.equals("/") ? Ext4Format.ROOT : path.equals(LOST_AND_FOUND) ? FIRST : number++;
            nodes.add(new Ext4Node(node, own, blockSize));
        }
        Placement placement = options.size() == 0 ? shrunk() : fixed();
        for (Ext4Node node : nodes) {
            writeContent(node);
        }
        writeXattrBlocks();
        ByteBuffer journal = writeJournal(placement);
        writeInodes(placement, journal);
        writeGroups(placement, journal);
        long size = placement.geometry.blocks() * blockSize;
        Channels.extend(out, size);
        return size;
    }

    private int lastInode() {
        return FIRST + nodes.size() - 2; // the root directory's number is reserved
    }

    private Placement shrunk() {
        Geometry bare = new Geometry(blockSize, 1L << 30, INODE_SIZE, DESCRIPTOR_SIZE);
        int most = 8 * blockSize;
        for (int groups = (lastInode() + most - 1) / most; ; groups++) {
            int inodes = inodesPerGroup((lastInode() + groups - 1L) / groups);
            long end = bare.groupStart(groups);
            Placement tried = place(new Geometry(blockSize, end, inodes, DESCRIPTOR_SIZE));
            if (tried.allocator.end() <= end) {
                long least = bare.groupStart(groups - 1) + tried.geometry.superBlocks(groups - 1) + 1;
                long blocks = roundToPage(Math.max(tried.allocator.end(), least));
                return place(new Geometry(blockSize, Math.min(blocks, end), inodes, DESCRIPTOR_SIZE));
            }
        }
    }

    /** Whole pages of memory, which is what a loop device or dm-verity takes. */
    private long roundToPage(long blocks) {
        int unit = 4096 / blockSize;
        return (blocks + unit - 1) / unit * unit;
    }

    private Placement fixed() {
        long blocks = options.size() / blockSize;
        Geometry geometry = new Geometry(blockSize, blocks, INODE_SIZE, DESCRIPTOR_SIZE);
        int last = geometry.groups() - 1;
        if (last > 0 && geometry.groupBlocks(last) < geometry.superBlocks(last) + 50) {
            blocks = geometry.groupStart(last); // too small to be of use: left out, as by mke2fs
            last--;
        }
        long wanted = options.bytesPerInode() == 0 ? 0 : options.size() / options.bytesPerInode();
        int inodes = inodesPerGroup(Math.max(wanted, lastInode()) / (last + 1) + 1);
        Placement placement = place(new Geometry(blockSize, blocks, inodes, DESCRIPTOR_SIZE));
        if (inodes > 8 * blockSize || placement.allocator.end() > blocks) {
            throw new FormatException(
                    options.label().isEmpty() ? "file system" : options.label(),
                    "needs " + placement.allocator.end() * blockSize + " bytes, but may have " + options.size(),
                    "make the partition larger or leave something out",
                    null);
        }
        return placement;
    }

    /** Fills whole blocks of the table. */
    private int inodesPerGroup(long wanted) {
        int unit = Math.max(blockSize / INODE_SIZE, 8);
        return Math.toIntExact((wanted + unit - 1) / unit * unit);
    }

    private Placement place(Geometry geometry) {
        BlockAllocator allocator = new BlockAllocator(geometry);
        int groups = geometry.groups();
        long[] blockBitmaps = new long[groups];
        long[] inodeBitmaps = new long[groups];
        long[] tables = new long[groups];
        Arrays.setAll(blockBitmaps, group -> allocator.one());
        Arrays.setAll(inodeBitmaps, group -> allocator.one());
        Arrays.setAll(tables, group -> allocator.together(geometry.tableBlocks()));
        List<Extent> journal = allocator.allocate(options.journal() ? journalBlocks(geometry.blocks()) : 0);
        xattrBlocks.clear();
        for (Ext4Node node : nodes) {
            if (node.xattrs.needsBlock()) {
                XattrBlock block =
                        xattrBlocks.computeIfAbsent(node.xattrs.block(blockSize), content -> new XattrBlock());
                if (block.users++ == 0) {
                    block.place = allocator.one();
                }
                node.xattrBlock = block.place;
            }
            node.allocate(allocator, blockSize);
        }
        return new Placement(geometry, allocator, blockBitmaps, inodeBitmaps, tables, journal);
    }

    /** As mke2fs of e2fsprogs 1.47 sizes it. */
    private long journalBlocks(long blocks) {
        if (blocks < 2048) {
            throw new FormatException("file system", "is too small for a journal: it has fewer than 2048 blocks");
        }
        long[][] steps = {{32_768, 1024}, {1 << 18, 4096}, {1 << 19, 8192}, {1 << 22, 16_384}, {1 << 23, 32_768}};
        for (long[] step : steps) {
            if (blocks < step[0]) {
                return step[1];
            }
        }
        return 65_536;
    }

    private void writeContent(Ext4Node node) throws IOException {
        for (int i = 0; i < node.leaves.size(); i++) {
            ByteBuffer leaf = ExtentTree.leaf(node.extents, i, blockSize);
            int place = ExtentTree.checksumPlace(blockSize);
            leaf.putInt(place, ofInode(node).then(leaf, 0, place).value());
            Channels.write(out, node.leaves.get(i) * blockSize, leaf);
        }
        if (node.tree.isDirectory()) {
            writeDirectory(node);
        } else if (!node.isFastSymlink()) {
            writeData(node);
        }
    }

    private void writeData(Ext4Node node) throws IOException {
        try (ContentReader content = ContentReader.open(node.tree.inode(), node.tree.content())) {
            long left = node.size;
            for (Extent extent : node.extents) {
                long place = extent.block() * blockSize;
                long end = place + Math.min(left, (long) extent.length() * blockSize);
                left -= end - place;
                for (; place < end; place += BUFFER) {
                    int count = (int) Math.min(BUFFER, end - place);
                    content.read(buffer, 0, count);
                    Channels.writeSparse(out, place, ByteBuffer.wrap(buffer, 0, count));
                }
            }
            content.expectEnd();
        }
    }

    private void writeDirectory(Ext4Node node) throws IOException {
        Iterator<TreeNode.Name> names = node.tree.names().iterator();
        Iterator<Integer> counts = node.namesInBlocks.iterator();
        int room = blockSize - DIRECTORY_TAIL;
        for (Extent extent : node.extents) {
            for (int i = 0; i < extent.length(); i++) {
                int count = counts.next();
                ByteBuffer block = allocate(blockSize);
                int last = 0;
                if (extent.fileBlock() + i == 0) {
                    putName(block, new byte[] {'.'}, node);
                    last = block.position();
                    putName(block, new byte[] {'.', '.'}, node(node.tree.parent()));
                    count -= 2;
                }
                for (; count > 0; count--) {
                    TreeNode.Name name = names.next();
                    last = block.position();
                    putName(block, name.bytes(), node(name.node()));
                }
                block.putShort(last + 4, (short) (room - last));
                block.putShort(room + 4, (short) DIRECTORY_TAIL);
                block.put(room + 7, (byte) Ext4Format.DIRECTORY_TAIL_TYPE);
                block.putInt(room + 8, ofInode(node).then(block, 0, room).value());
                Channels.write(out, (extent.block() + i) * blockSize, block.clear());
            }
        }
    }

    private static void putName(ByteBuffer block, byte[] name, Ext4Node node) {
        int size = DIRENT_SIZE + align(name.length);
        int end = block.position() + size;
        block.putInt(node.number).putShort((short) size);
        block.put((byte) name.length).put((byte) node.type.dirent).put(name);
        block.position(end);
    }

    private Ext4Node node(TreeNode node) {
        return nodes.get(node.index());
    }

    private Ext4Checksum ofInode(Ext4Node node) {
        return Ext4Checksum.of(uuid, node.number, 0);
    }

    private void writeXattrBlocks() throws IOException {
        for (Map.Entry<ByteBuffer, XattrBlock> entry : xattrBlocks.entrySet()) {
            XattrBlock block = entry.getValue();
            ByteBuffer content =
                    allocate(blockSize).put(entry.getKey().duplicate()).clear();
            content.putInt(4, block.users);
            content.putInt(16, Ext4Checksum.ofXattrs(uuid, block.place, content));
            Channels.write(out, block.place * blockSize, content);
        }
    }

    /** Gives the journal's inode; empty without a journal. */
    private ByteBuffer writeJournal(Placement placement) throws IOException {
        if (placement.journal.isEmpty()) {
            return allocate(0);
        }
        long blocks = placement.journal.stream().mapToLong(Extent::length).sum();
        ByteBuffer head = ByteBuffer.allocate(blockSize); // big-endian
        head.putInt(JOURNAL_MAGIC).putInt(4).putInt(0); // super block of version 2
        head.putInt(blockSize).putInt((int) blocks).putInt(1).putInt(1).putInt(0); // empty
        head.put(0x30, Ext4SuperBlock.uuidBytes(uuid)).putInt(0x40, 1); // one user
        Channels.write(out, placement.journal.get(0).block() * blockSize, head.clear());

        ByteBuffer inode = inode(0100600, Attributes.root(0600, options.time()), blocks * blockSize, 1, blocks);
        inode.putInt(0x20, Ext4Format.FLAG_EXTENTS);
        inode.put(0x28, ExtentTree.root(placement.journal, List.of(), blockSize), 0, Ext4Format.FAST_SYMLINK);
        return sealed(inode, Ext4Format.JOURNAL);
    }

    private void writeInodes(Placement placement, ByteBuffer journal) throws IOException {
        if (journal.hasRemaining()) {
            writeInode(placement, Ext4Format.JOURNAL, journal);
        }
        for (Ext4Node node : nodes) {
            writeInode(placement, node.number, inode(node));
        }
    }

    private void writeInode(Placement placement, int number, ByteBuffer inode) throws IOException {
        Geometry geometry = placement.geometry;
        long table = placement.tables[(number - 1) / geometry.inodesPerGroup()];
        Channels.write(out, geometry.inodePlace(number, table), inode.duplicate());
    }

    private ByteBuffer inode(Ext4Node node) {
        Attributes attributes = node.tree.inode().attributes();
        if (attributes.mtime() > MAX_TIME) {
            throw new FormatException(
                    node.tree.inode().path(), "its time is beyond the year 2446, as far as ext4 goes");
        }
        int links = node.tree.links() > MAX_LINKS ? 1 : node.tree.links();
        if (!node.tree.isDirectory() && links != node.tree.links()) {
            throw new FormatException(node.tree.inode().path(), "has more than " + MAX_LINKS + " names");
        }
        ByteBuffer inode = inode(node.type.modeBits | attributes.mode(), attributes, node.size, links, node.blocks());
        inode.putInt(0x68, (int) node.xattrBlock).putShort(0x76, (short) (node.xattrBlock >>> 32));
        if (node.isFastSymlink()) {
            byte[] target = new byte[(int) node.size];
            try (ContentReader content = ContentReader.open(node.tree.inode(), node.tree.content())) {
                content.read(target, 0, target.length);
            }
            inode.put(0x28, target);
        } else {
            inode.putInt(0x20, Ext4Format.FLAG_EXTENTS);
            ByteBuffer root = ExtentTree.root(node.extents, node.leaves, blockSize);
            inode.put(0x28, root, 0, root.limit());
        }
        node.xattrs.writeTo(inode);
        return sealed(inode, node.number);
    }

    private ByteBuffer inode(int mode, Attributes attributes, long size, int links, long blocks) {
        int time = (int) attributes.mtime();
        int upperTime = (int) ((attributes.mtime() - time) >>> 32);
        long sectors = blocks * (blockSize / 512);
        ByteBuffer inode = allocate(INODE_SIZE);
        inode.putShort((short) mode).putShort((short) attributes.uid()).putInt((int) size);
        inode.putInt(time).putInt(time).putInt(time).putInt(0);
        inode.putShort((short) attributes.gid()).putShort((short) links).putInt((int) sectors);
        inode.putInt(0x6C, (int) (size >>> 32));
        inode.putShort(0x74, (short) (sectors >>> 32));
        inode.putShort(0x78, (short) (attributes.uid() >>> 16));
        inode.putShort(0x7A, (short) (attributes.gid() >>> 16));
        inode.putShort(0x80, (short) Ext4Format.EXTRA_FIELDS);
        inode.putInt(0x84, upperTime).putInt(0x88, upperTime).putInt(0x8C, upperTime);
        inode.putInt(0x90, time).putInt(0x94, upperTime);
        return inode.clear();
    }

    private ByteBuffer sealed(ByteBuffer inode, int number) {
        int checksum = Ext4Checksum.ofInode(uuid, number, inode);
        inode.putShort(0x7C, (short) checksum).putShort(0x82, (short) (checksum >>> 16));
        return inode.clear();
    }

    private void writeGroups(Placement placement, ByteBuffer journal) throws IOException {
        Geometry geometry = placement.geometry;
        int groups = geometry.groups();
        ByteBuffer descriptors = allocate(geometry.descriptorBlocks() * blockSize);
        long freeBlocks = 0;
        for (int group = 0; group < groups; group++) {
            ByteBuffer descriptor = writeGroup(placement, group);
            freeBlocks += Ext4Format.unsigned(descriptor.getShort(0xC));
            descriptors.put(group * DESCRIPTOR_SIZE, descriptor, 0, DESCRIPTOR_SIZE);
        }
        Ext4SuperBlock superBlock = Ext4SuperBlock.of(options, geometry, freeBlocks, geometry.inodes() - lastInode());
        byte[] hashSeed = Arrays.copyOf(Derived.bytes(uuid.toString(), "ext4 directory hash"), 16);
        for (int group = 0; group < groups; group++) {
            if (Geometry.hasSuper(group)) {
                long place = geometry.groupStart(group) * blockSize;
                long superPlace = group == 0 ? Ext4SuperBlock.OFFSET : place;
                Channels.write(out, superPlace, superBlock.encode(group, hashSeed, journal));
                Channels.write(out, place + blockSize, descriptors.duplicate());
            }
        }
    }

    /** Writes a group's bitmaps; gives its descriptor. */
    private ByteBuffer writeGroup(Placement placement, int group) throws IOException {
        Geometry geometry = placement.geometry;
        int inodesPerGroup = geometry.inodesPerGroup();
        int firstInode = group * inodesPerGroup + 1;
        int usedInodes = Math.max(0, Math.min(lastInode() - firstInode + 1, inodesPerGroup));
        BitSet blocks = placement.allocator.used(group);
        BitSet inodes = new BitSet(8 * blockSize);
        inodes.set(0, usedInodes);
        inodes.set(inodesPerGroup, 8 * blockSize);
        int blocksChecksum = writeBitmap(blocks, placement.blockBitmaps[group], 8 * blockSize);
        int inodesChecksum = writeBitmap(inodes, placement.inodeBitmaps[group], inodesPerGroup);
        long directories = nodes.stream()
                .filter(node -> node.tree.isDirectory() && (node.number - 1) / inodesPerGroup == group)
                .count();
        int freeBlocks = 8 * blockSize - blocks.cardinality();

        ByteBuffer descriptor = allocate(DESCRIPTOR_SIZE);
        long[] places = {placement.blockBitmaps[group], placement.inodeBitmaps[group], placement.tables[group]};
        for (int i = 0; i < places.length; i++) {
            descriptor.putInt(4 * i, (int) places[i]).putInt(0x20 + 4 * i, (int) (places[i] >>> 32));
        }
        descriptor.putShort(0xC, (short) freeBlocks).putShort(0xE, (short) (inodesPerGroup - usedInodes));
        descriptor.putShort(0x10, (short) directories).putShort(0x12, (short) Ext4Format.GROUP_TABLE_ZEROED);
        descriptor.putShort(0x18, (short) blocksChecksum).putShort(0x38, (short) (blocksChecksum >>> 16));
        descriptor.putShort(0x1A, (short) inodesChecksum).putShort(0x3A, (short) (inodesChecksum >>> 16));
        descriptor.putShort(0x1C, (short) (inodesPerGroup - usedInodes)); // never used, at the table's end
        descriptor.putShort(0x1E, Ext4Checksum.ofDescriptor(uuid, group, descriptor));
        return descriptor.clear();
    }

    /** Writes a block of bits; gives the checksum of the first ones. */
    private int writeBitmap(BitSet bits, long place, int counted) throws IOException {
        ByteBuffer bitmap = allocate(blockSize).put(bits.toByteArray()).clear();
        int checksum = Ext4Checksum.of(uuid).then(bitmap, 0, counted / 8).value();
        Channels.write(out, place * blockSize, bitmap);
        return checksum;
    }
}
