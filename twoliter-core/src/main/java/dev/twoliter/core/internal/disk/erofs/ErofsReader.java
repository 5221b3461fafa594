package dev.twoliter.core.internal.disk.erofs;

import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.BLOCK;
import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.DIRENT_SIZE;
import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.XATTR_ENTRY_SIZE;
import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.XATTR_HEADER_SIZE;
import static dev.twoliter.core.internal.disk.erofs.ErofsSuperBlock.unsigned;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.erofs.ErofsFormat.InodeType;
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
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Reads EROFS images without compression or with LZ4, as {@link ErofsWriter} or mkfs.erofs (without its less usual
 * options) make them, and checks what it reads; for verification and for looking into images.
 */
public final class ErofsReader {
    private final SeekableByteChannel image;
    private final String subject;
    private final long size;
    private final ImageWalk walk;
    private final ErofsSuperBlock superBlock;

    private ErofsReader(SeekableByteChannel image, String subject) throws IOException {
        this.image = image;
        this.subject = subject;
        this.size = image.size();
        this.walk = new ImageWalk(subject);
        this.superBlock = ErofsSuperBlock.decode(bytes(0, BLOCK), subject);
        require(
                superBlock.blocks() <= size / BLOCK,
                "is cut short: it should have " + superBlock.blocks() + " blocks of 4096 bytes");
    }

    /** An inode as read; its fields and xattrs end where its tail or index begins. */
    private record Node(InodeType type, Attributes attributes, int layout, long size, long data, long end) {
        int tail() {
            return layout == ErofsFormat.LAYOUT_INLINE ? (int) (size % BLOCK) : 0;
        }

        boolean isCompressed() {
            return layout == ErofsFormat.LAYOUT_COMPRESSED || layout == ErofsFormat.LAYOUT_COMPRESSED_FULL;
        }
    }

    /**
     * Reads the super block alone.
     *
     * @param image the image
     * @param subject its name for messages
     * @return what the super block says
     * @throws FormatException if this is no such image, or it is damaged
     * @throws IOException if the channel fails
     */
    public static ErofsSuperBlock superBlock(SeekableByteChannel image, String subject) throws IOException {
        return new ErofsReader(image, subject).superBlock;
    }

    /**
     * Reads an image.
     *
     * @param image stays open as long as contents of the tree are read, by one thread at a time unless it is a file
     * @param subject the image's name for messages
     * @return what it holds; contents are read from the image when they are opened
     * @throws FormatException if this is no such image, or it is damaged
     * @throws IOException if the channel fails
     */
    public static Tree read(SeekableByteChannel image, String subject) throws IOException {
        return new ErofsReader(image, subject).read();
    }

    private Tree read() throws IOException {
        return walk.read(
                new ImageWalk.Inodes() {
                    @Override
                    public Found inode(long nid) throws IOException {
                        Node node = node(nid);
                        Kind kind = Kind.valueOf(node.type == InodeType.REGULAR ? "FILE" : node.type.name());
                        return new Found(kind, node.attributes, source(node));
                    }

                    @Override
                    public Map<String, Long> names(long nid) throws IOException {
                        return directory(node(nid));
                    }
                },
                superBlock.root());
    }

    private Node node(long nid) throws IOException {
        require(nid >= 0 && nid < size / ErofsFormat.SLOT, "an inode lies outside of the image: " + nid);
        long place = superBlock.metadataBlock() * BLOCK + nid * ErofsFormat.SLOT;
        ByteBuffer inode = bytes(place, ErofsFormat.COMPACT_INODE_SIZE);
        int format = inode.getShort();
        boolean extended = (format & 1) == 1;
        int layout = format >>> 1;
        require(layout <= ErofsFormat.LAYOUT_COMPRESSED && format >= 0, "inode " + nid + " has an unknown layout");
        int xattrCount = inode.getShort() & 0xFFFF;
        int mode = inode.getShort() & 0xFFFF;
        int fields = extended ? ErofsFormat.INODE_SIZE : ErofsFormat.COMPACT_INODE_SIZE;
        long length = unsigned(inode.getInt(8));
        int uid = inode.getShort(24) & 0xFFFF;
        int gid = inode.getShort(26) & 0xFFFF;
        long mtime = superBlock.time();
        if (extended) {
            inode = bytes(place, fields);
            length = inode.getLong(8);
            uid = inode.getInt(24);
            gid = inode.getInt(28);
            mtime = inode.getLong(32);
        }
        require(length >= 0 && uid >= 0 && gid >= 0 && mtime >= 0, "inode " + nid + " has impossible sizes or owners");
        long data = unsigned(inode.getInt(16)) * BLOCK;
        int xattrSize = xattrCount == 0 ? 0 : XATTR_HEADER_SIZE + 4 * (xattrCount - 1);
        Xattrs xattrs = xattrSize == 0 ? Xattrs.NONE : xattrs(bytes(place + fields, xattrSize));
        Attributes attributes = new Attributes(mode & 07777, uid, gid, mtime, xattrs);
        Node node = new Node(type(mode, nid), attributes, layout, length, data, place + fields + xattrSize);
        if (!node.isCompressed()) {
            int tail = node.tail();
            require(length <= size, "inode " + nid + " is larger than the image");
            require(
                    node.end % BLOCK + tail <= BLOCK && node.end + tail <= size,
                    "inode " + nid + " has its tail outside");
            require(
                    length == tail || data + length - tail <= size,
                    "inode " + nid + " has its data outside of the image");
        }
        return node;
    }

    private InodeType type(int mode, long nid) {
        for (InodeType type : InodeType.values()) {
            if (type.modeBits == (mode & 0170000)) {
                return type;
            }
        }
        throw new FormatException(subject, "inode " + nid + " is neither file, directory nor symlink");
    }

    private Xattrs xattrs(ByteBuffer area) throws IOException {
        int shared = area.get(4) & 0xFF;
        area.position(XATTR_HEADER_SIZE);
        require(area.remaining() >= 4 * shared, "an inode has more shared xattrs than room for them");
        Map<String, byte[]> values = new HashMap<>();
        for (int i = 0; i < shared; i++) {
            long place = superBlock.xattrBlock() * BLOCK + unsigned(area.getInt()) * 4;
            ByteBuffer head = bytes(place, XATTR_ENTRY_SIZE);
            putXattr(bytes(place, entrySize(head)), values);
        }
        while (area.hasRemaining()) {
            require(area.remaining() >= XATTR_ENTRY_SIZE, "an xattr is cut short");
            int entry = entrySize(area.slice().order(area.order()));
            require(area.remaining() >= entry, "an xattr is cut short");
            putXattr(area.slice(area.position(), entry).order(area.order()), values);
            area.position(area.position() + entry);
        }
        return Xattrs.of(values);
    }

    private static int entrySize(ByteBuffer head) {
        return ErofsFormat.align(XATTR_ENTRY_SIZE + (head.get(0) & 0xFF) + (head.getShort(2) & 0xFFFF), 4);
    }

    private void putXattr(ByteBuffer entry, Map<String, byte[]> values) {
        byte[] name = new byte[entry.get() & 0xFF];
        int index = entry.get();
        byte[] value = new byte[entry.getShort() & 0xFFFF];
        walk.spend(name.length + value.length);
        entry.get(name).get(value);
        for (XattrTable.Prefix prefix : XattrTable.Prefix.values()) {
            if (prefix.index == index) {
                values.put(prefix.text + walk.text(name), value);
                return;
            }
        }
        throw new FormatException(subject, "an xattr has an unknown prefix: " + index);
    }

    /** The names in a directory, without {@code .} and {@code ..}. */
    private Map<String, Long> directory(Node directory) throws IOException {
        require(directory.size <= ImageWalk.MAX_DIRECTORY, "a directory is too large");
        Map<String, Long> names = new LinkedHashMap<>();
        byte[] last = {};
        try (InputStream in = source(directory).open()) {
            for (byte[] bytes = in.readNBytes(BLOCK); bytes.length > 0; bytes = in.readNBytes(BLOCK)) {
                last = putNames(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), last, names);
            }
        }
        return names;
    }

    private byte[] putNames(ByteBuffer block, byte[] before, Map<String, Long> names) {
        require(block.limit() >= DIRENT_SIZE, "a directory block is cut short");
        int first = block.getShort(8) & 0xFFFF;
        require(
                first >= DIRENT_SIZE && first % DIRENT_SIZE == 0 && first <= block.limit(),
                "a directory block is damaged");
        byte[] last = before;
        for (int entry = 0; entry < first; entry += DIRENT_SIZE) {
            int from = block.getShort(entry + 8) & 0xFFFF;
            boolean more = entry + DIRENT_SIZE < first;
            int to = more ? block.getShort(entry + DIRENT_SIZE + 8) & 0xFFFF : block.limit();
            require(from >= first && from < to && to <= block.limit(), "a directory block is damaged");
            byte[] name = new byte[to - from];
            block.get(from, name);
            name = more ? name : untilZero(name);
            require(Arrays.compareUnsigned(last, name) < 0, "the names in a directory are unsorted");
            last = name;
            String text = walk.name(name);
            if (!text.equals(".") && !text.equals("..")) {
                names.put(text, block.getLong(entry));
            }
        }
        return last;
    }

    private static byte[] untilZero(byte[] name) {
        int end = 0;
        while (end < name.length && name[end] != 0) {
            end++;
        }
        return Arrays.copyOf(name, end);
    }

    private ContentSource source(Node node) {
        return new ContentSource() {
            @Override
            public long size() {
                return node.size;
            }

            @Override
            public InputStream open() throws IOException {
                if (!node.isCompressed()) {
                    return new FlatStream(node);
                }
                boolean compact = node.layout == ErofsFormat.LAYOUT_COMPRESSED;
                return new CompressedStream(
                        ClusterMap.read(node.end, node.size, compact, walk, ErofsReader.this::bytes),
                        walk,
                        ErofsReader.this::bytes);
            }
        };
    }

    private final class FlatStream extends InputStream {
        private final Node node;
        private long position;

        FlatStream(Node node) {
            this.node = node;
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
            if (position == node.size) {
                return -1;
            }
            long inBlocks = node.size - node.tail();
            boolean tail = position >= inBlocks;
            int count = (int) Math.min(length, (tail ? node.size : inBlocks) - position);
            long place = tail ? node.end + position - inBlocks : node.data + position;
            Channels.read(image, place, ByteBuffer.wrap(bytes, offset, count));
            position += count;
            return count;
        }
    }

    private ByteBuffer bytes(long place, int count) throws IOException {
        require(place >= 0 && place + count <= size, "is cut short, or leads outside of itself");
        ByteBuffer bytes = ErofsFormat.allocate(count);
        Channels.read(image, place, bytes);
        return bytes;
    }

    private void require(boolean holds, String message) {
        walk.require(holds, message);
    }
}
