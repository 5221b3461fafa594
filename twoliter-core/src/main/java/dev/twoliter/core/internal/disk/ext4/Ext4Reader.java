package dev.twoliter.core.internal.disk.ext4;

import static dev.twoliter.core.internal.disk.ext4.Ext4Format.DIRECTORY_TAIL;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.DIRENT_SIZE;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.INODE_SIZE;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.XATTR_ENTRY_SIZE;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.align;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.allocate;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.unsigned;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.ext4.BlockAllocator.Extent;
import dev.twoliter.core.internal.disk.ext4.Ext4Format.InodeType;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.ImageWalk;
import dev.twoliter.core.internal.disk.tree.ImageWalk.Found;
import dev.twoliter.core.internal.disk.tree.ImageWalk.Kind;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.Xattrs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Reads ext4 file systems with checksums, as {@link Ext4Writer} or mke2fs make them, and checks all metadata that it
 * reads; for verification and for looking into images. A journal that must be replayed is not.
 */
public final class Ext4Reader {
    private static final int MAX_GROUPS = 1 << 16;
    private static final int MAX_EXTENTS = 1 << 18;
    private static final int MAX_DEPTH = 5;
    /** In place of a run's place: allocated, but reads as zeros. */
    private static final long UNWRITTEN = 0;

    private final SeekableByteChannel image;
    private final long size;
    private final Ext4SuperBlock superBlock;
    private final Geometry geometry;
    private final UUID uuid;
    private final int blockSize;
    private final ImageWalk walk;

    private Ext4Reader(SeekableByteChannel image, String subject) throws IOException {
        this.image = image;
        this.size = image.size();
        this.walk = new ImageWalk(subject);
        this.superBlock = Ext4SuperBlock.decode(bytes(Ext4SuperBlock.OFFSET, Ext4SuperBlock.SIZE), subject);
        this.geometry = superBlock.geometry();
        this.uuid = superBlock.uuid();
        this.blockSize = superBlock.blockSize();
        walk.require(
                superBlock.blocks() <= size / blockSize && superBlock.blocks() > geometry.firstBlock(),
                "is cut short: it should have " + superBlock.blocks() + " blocks of " + blockSize + " bytes");
        walk.require(
                superBlock.blocks() / geometry.blocksPerGroup() < MAX_GROUPS,
                "has more than " + MAX_GROUPS + " groups");
    }

    /**
     * Reads the super block alone.
     *
     * @param image the file system
     * @param subject its name for messages
     * @return what the super block says
     * @throws FormatException if this is no such file system, or it is damaged
     * @throws IOException if the channel fails
     */
    public static Ext4SuperBlock superBlock(SeekableByteChannel image, String subject) throws IOException {
        return new Ext4Reader(image, subject).superBlock;
    }

    /**
     * Reads a file system.
     *
     * @param image stays open as long as contents of the tree are read, by one thread at a time unless it is a file
     * @param subject the image's name for messages
     * @return what it holds; contents are read from the image when they are opened
     * @throws FormatException if this is no such file system, or it is damaged
     * @throws IOException if the channel fails
     */
    public static Tree read(SeekableByteChannel image, String subject) throws IOException {
        return new Ext4Reader(image, subject).read();
    }

    private Tree read() throws IOException {
        for (int group = 0; group < geometry.groups(); group++) {
            checkBitmaps(group, descriptor(group));
        }
        return walk.read(
                new ImageWalk.Inodes() {
                    @Override
                    public Found inode(long number) throws IOException {
                        return found(number);
                    }

                    @Override
                    public Map<String, Long> names(long number) throws IOException {
                        return directory(number);
                    }
                },
                Ext4Format.ROOT);
    }

    private ByteBuffer descriptor(int group) throws IOException {
        int descriptorSize = geometry.descriptorSize();
        long table = geometry.groupStart(0) * blockSize + blockSize;
        ByteBuffer descriptor = bytes(table + (long) group * descriptorSize, descriptorSize);
        walk.require(
                descriptor.getShort(0x1E) == Ext4Checksum.ofDescriptor(uuid, group, descriptor),
                "the descriptor of group " + group + " is damaged (checksum)");
        return descriptor;
    }

    private long place(ByteBuffer descriptor, int field) {
        boolean wide = geometry.descriptorSize() > 32;
        return unsigned(descriptor.getInt(field)) | (wide ? unsigned(descriptor.getInt(field + 0x20)) << 32 : 0);
    }

    private void checkBitmaps(int group, ByteBuffer descriptor) throws IOException {
        int flags = descriptor.getShort(0x12);
        if ((flags & Ext4Format.GROUP_BLOCKS_UNUSED) == 0) {
            checkBitmap(group, descriptor, 0, geometry.blocksPerGroup());
        }
        if ((flags & Ext4Format.GROUP_INODES_UNUSED) == 0) {
            checkBitmap(group, descriptor, 1, geometry.inodesPerGroup());
        }
    }

    private void checkBitmap(int group, ByteBuffer descriptor, int which, int bits) throws IOException {
        int checksum = Ext4Checksum.of(uuid)
                .then(block(place(descriptor, 4 * which)), 0, bits / 8)
                .value();
        boolean good = descriptor.getShort(0x18 + 2 * which) == (short) checksum
                && (geometry.descriptorSize() == 32
                        || descriptor.getShort(0x38 + 2 * which) == (short) (checksum >>> 16));
        walk.require(good, "a bitmap of group " + group + " is damaged (checksum)");
    }

    private ByteBuffer inode(long number) throws IOException {
        walk.require(number > 0 && number <= geometry.inodes(), "there is no inode " + number);
        ByteBuffer descriptor = descriptor((int) ((number - 1) / geometry.inodesPerGroup()));
        ByteBuffer inode = bytes(geometry.inodePlace(number, place(descriptor, 8)), INODE_SIZE);
        int checksum = unsigned(inode.getShort(0x7C)) | unsigned(inode.getShort(0x82)) << 16;
        walk.require(
                checksum == Ext4Checksum.ofInode(uuid, number, inode), "inode " + number + " is damaged (checksum)");
        walk.require(
                (inode.getInt(0x20) & Ext4Format.FLAG_INLINE_DATA) == 0,
                "inode " + number + " has its data in an unusual place");
        return inode;
    }

    private Found found(long number) throws IOException {
        ByteBuffer inode = inode(number);
        int mode = inode.getShort(0);
        int uid = unsigned(inode.getShort(2)) | inode.getShort(0x78) << 16;
        int gid = unsigned(inode.getShort(0x18)) | inode.getShort(0x7A) << 16;
        long mtime = inode.getInt(0x10) + ((inode.getInt(0x88) & 3L) << 32);
        walk.require(
                uid >= 0 && gid >= 0 && mtime >= 0 && length(inode) >= 0,
                "inode " + number + " has impossible sizes, times or owners");
        InodeType type = null;
        for (InodeType candidate : InodeType.values()) {
            type = candidate.modeBits == (mode & 0170000) ? candidate : type;
        }
        if (type == null) {
            throw new FormatException(walk.subject(), "inode " + number + " is neither file, directory nor symlink");
        }
        Attributes attributes = new Attributes(mode & 07777, uid, gid, mtime, xattrs(number, inode));
        boolean fast = type == InodeType.SYMLINK && (inode.getInt(0x20) & Ext4Format.FLAG_EXTENTS) == 0;
        walk.require(!fast || length(inode) <= Ext4Format.FAST_SYMLINK, "inode " + number + " has a bad target");
        Kind kind = Kind.valueOf(type == InodeType.REGULAR ? "FILE" : type.name());
        return new Found(kind, attributes, fast ? fastTarget(inode) : content(number, inode));
    }

    private static long length(ByteBuffer inode) {
        return unsigned(inode.getInt(4)) | unsigned(inode.getInt(0x6C)) << 32;
    }

    private static ContentSource fastTarget(ByteBuffer inode) {
        byte[] target = new byte[(int) length(inode)];
        inode.get(0x28, target);
        return ContentSource.of(target);
    }

    private Xattrs xattrs(long number, ByteBuffer inode) throws IOException {
        Map<String, byte[]> values = new HashMap<>();
        int first = 128 + unsigned(inode.getShort(0x80)) + 4;
        if (first + 4 <= INODE_SIZE && inode.getInt(first - 4) == Ext4Format.XATTR_MAGIC) {
            putXattrs(inode, first, first, values);
        }
        long place = unsigned(inode.getInt(0x68)) | (long) unsigned(inode.getShort(0x76)) << 32;
        if (place != 0) {
            ByteBuffer block = block(place);
            walk.require(
                    block.getInt(0) == Ext4Format.XATTR_MAGIC
                            && block.getInt(16) == Ext4Checksum.ofXattrs(uuid, place, block),
                    "the xattrs of inode " + number + " are damaged (checksum)");
            putXattrs(block, Ext4Format.XATTR_BLOCK_HEADER, 0, values);
        }
        return Xattrs.of(values);
    }

    private void putXattrs(ByteBuffer area, int first, int origin, Map<String, byte[]> values) {
        for (int at = first; at + 4 <= area.limit() && area.getInt(at) != 0; ) {
            walk.require(at + XATTR_ENTRY_SIZE <= area.limit(), "an xattr is cut short");
            byte[] name = new byte[area.get(at) & 0xFF];
            int index = area.get(at + 1);
            int place = origin + unsigned(area.getShort(at + 2));
            long valueSize = unsigned(area.getInt(at + 8));
            walk.require(
                    at + XATTR_ENTRY_SIZE + name.length <= area.limit()
                            && area.getInt(at + 4) == 0
                            && place + valueSize <= area.limit(),
                    "an xattr leads outside of its place");
            byte[] value = new byte[(int) valueSize];
            walk.spend(name.length + value.length);
            area.get(at + XATTR_ENTRY_SIZE, name);
            area.get(place, value);
            values.put(prefix(index) + walk.text(name), value);
            at += XATTR_ENTRY_SIZE + align(name.length);
        }
    }

    private String prefix(int index) {
        for (Ext4Xattrs.Prefix prefix : Ext4Xattrs.Prefix.values()) {
            if (prefix.index == index) {
                return prefix.text;
            }
        }
        throw new FormatException(walk.subject(), "an xattr has an unknown prefix: " + index);
    }

    private Map<String, Long> directory(long number) throws IOException {
        ByteBuffer inode = inode(number);
        walk.require(
                length(inode) <= ImageWalk.MAX_DIRECTORY && length(inode) % blockSize == 0,
                "the directory of inode " + number + " has a bad size");
        boolean indexed = (inode.getInt(0x20) & Ext4Format.FLAG_INDEXED) != 0;
        Map<String, Long> names = new LinkedHashMap<>();
        try (InputStream content = content(number, inode).open()) {
            for (long left = length(inode); left > 0; left -= blockSize) {
                ByteBuffer block =
                        allocate(blockSize).put(content.readNBytes(blockSize)).clear();
                int room = blockSize - DIRECTORY_TAIL;
                if (block.getInt(room + 4) == (Ext4Format.DIRECTORY_TAIL_TYPE << 24 | DIRECTORY_TAIL)) {
                    int checksum = Ext4Checksum.of(uuid, number, inode.getInt(0x64))
                            .then(block, 0, room)
                            .value();
                    walk.require(checksum == block.getInt(room + 8), "a directory is damaged (checksum)");
                } else {
                    walk.require(indexed, "a directory has no checksum");
                }
                putNames(block, names);
            }
        }
        return names;
    }

    private void putNames(ByteBuffer block, Map<String, Long> names) {
        for (int at = 0; at < block.limit(); ) {
            int length = unsigned(block.getShort(at + 4));
            byte[] name = new byte[block.get(at + 6) & 0xFF];
            walk.require(
                    length >= DIRENT_SIZE + name.length && length % 4 == 0 && at + length <= block.limit(),
                    "a directory block is damaged");
            long number = unsigned(block.getInt(at));
            block.get(at + DIRENT_SIZE, name);
            at += length;
            if (number == 0) {
                continue;
            }
            String text = walk.name(name);
            if (!text.equals(".") && !text.equals("..")) {
                walk.require(names.put(text, number) == null, "a directory has the name " + text + " twice");
            }
        }
    }

    private ContentSource content(long number, ByteBuffer inode) {
        return new ContentSource() {
            @Override
            public long size() {
                return length(inode);
            }

            @Override
            public InputStream open() throws IOException {
                return new ExtentStream(length(inode), extents(number, inode));
            }
        };
    }

    /** A file's runs of blocks in their order. */
    private List<Extent> extents(long number, ByteBuffer inode) throws IOException {
        walk.require((inode.getInt(0x20) & Ext4Format.FLAG_EXTENTS) != 0, "inode " + number + " has no extents");
        List<Extent> extents = new ArrayList<>();
        ByteBuffer root = inode.slice(0x28, Ext4Format.FAST_SYMLINK).order(inode.order());
        collect(number, inode.getInt(0x64), root, MAX_DEPTH, extents);
        return extents;
    }

    private void collect(long number, int generation, ByteBuffer node, int maxDepth, List<Extent> extents)
            throws IOException {
        int count = unsigned(node.getShort(2));
        int depth = unsigned(node.getShort(6));
        walk.require(
                node.getShort(0) == Ext4Format.EXTENT_MAGIC
                        && depth <= maxDepth
                        && ExtentTree.HEADER_SIZE + count * Ext4Format.EXTENT_SIZE <= node.limit(),
                "the extents of inode " + number + " are damaged");
        for (int i = 0; i < count; i++) {
            int at = ExtentTree.HEADER_SIZE + i * Ext4Format.EXTENT_SIZE;
            long fileBlock = unsigned(node.getInt(at));
            if (depth > 0) {
                long place = unsigned(node.getInt(at + 4)) | (long) unsigned(node.getShort(at + 8)) << 32;
                ByteBuffer leaf = block(place);
                int end = ExtentTree.HEADER_SIZE + unsigned(leaf.getShort(4)) * Ext4Format.EXTENT_SIZE;
                walk.require(
                        end + 4 <= blockSize
                                && unsigned(leaf.getShort(6)) == depth - 1
                                && leaf.getShort(2) != 0
                                && leaf.getInt(end)
                                        == Ext4Checksum.of(uuid, number, generation)
                                                .then(leaf, 0, end)
                                                .value(),
                        "the extents of inode " + number + " are damaged (checksum)");
                collect(number, generation, leaf.slice(0, end).order(leaf.order()), depth - 1, extents);
                continue;
            }
            long place = unsigned(node.getInt(at + 8)) | (long) unsigned(node.getShort(at + 6)) << 32;
            int length = unsigned(node.getShort(at + 4));
            boolean written = length <= Ext4Format.MAX_EXTENT;
            length -= written ? 0 : Ext4Format.MAX_EXTENT;
            Extent last = extents.isEmpty() ? null : extents.get(extents.size() - 1);
            walk.require(
                    (last == null || fileBlock >= last.fileBlock() + last.length())
                            && length > 0
                            && place + length <= superBlock.blocks()
                            && extents.size() < MAX_EXTENTS,
                    "the extents of inode " + number + " are damaged");
            extents.add(new Extent(fileBlock, written ? place : UNWRITTEN, length));
        }
    }

    private final class ExtentStream extends InputStream {
        private final long end;
        private final List<Extent> extents;
        private int next;
        private long position;

        ExtentStream(long end, List<Extent> extents) {
            this.end = end;
            this.extents = extents;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            if (position >= end) {
                return -1;
            }
            while (next < extents.size() && position >= endOf(extents.get(next))) {
                next++;
            }
            Extent extent = next < extents.size() ? extents.get(next) : new Extent(Long.MAX_VALUE / blockSize, 0, 0);
            long start = extent.fileBlock() * blockSize;
            boolean before = position < start;
            int count = (int) Math.min(length, Math.min(end, before ? start : endOf(extent)) - position);
            if (before || extent.block() == UNWRITTEN) {
                Arrays.fill(bytes, offset, offset + count, (byte) 0);
            } else {
                Channels.read(
                        image, extent.block() * blockSize + position - start, ByteBuffer.wrap(bytes, offset, count));
            }
            position += count;
            return count;
        }

        private long endOf(Extent extent) {
            return (extent.fileBlock() + extent.length()) * blockSize;
        }
    }

    private ByteBuffer block(long number) throws IOException {
        walk.require(number < superBlock.blocks(), "leads outside of itself: block " + number);
        return bytes(number * blockSize, blockSize);
    }

    private ByteBuffer bytes(long place, int count) throws IOException {
        walk.require(place + count <= size, "is cut short, or leads outside of itself");
        ByteBuffer bytes = allocate(count);
        Channels.read(image, place, bytes);
        return bytes;
    }
}
