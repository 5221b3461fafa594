package dev.twoliter.core.internal.disk.erofs;

import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.BLOCK;
import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.DIRENT_SIZE;
import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.INODE_SIZE;
import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.XATTR_ENTRY_SIZE;
import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.XATTR_HEADER_SIZE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.erofs.ErofsFormat.InodeType;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeBuilder;
import dev.twoliter.core.internal.disk.tree.Xattrs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Reads EROFS images without compression and with extended inodes, as {@link ErofsWriter} makes them, and checks what it
 * reads; for verification and for looking into images.
 */
public final class ErofsReader {
    private static final int MAX_ENTRIES = 300_000;
    private static final int MAX_DIRECTORY = 16 << 20;
    private static final int MAX_TARGET = 4095;

    private final SeekableByteChannel image;
    private final String subject;
    private final long size;
    private long xattrPlace;
    /** How many more bytes of names, targets and xattrs to take: inodes can share them, so the image may be small. */
    private long budget = 64 << 20;

    private ErofsReader(SeekableByteChannel image, String subject) throws IOException {
        this.image = image;
        this.subject = subject;
        this.size = image.size();
    }

    /** An inode as read; the tail lies behind it, the rest of the size from the first block on. */
    private record Node(
            long nid, InodeType type, Attributes attributes, long size, long data, int tail, long tailPlace) {}

    /** A directory that is still to be read. */
    private record Pending(String path, Node node) {}

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
        ByteBuffer block = bytes(0, BLOCK);
        block.position(ErofsFormat.SUPER_OFFSET);
        require(block.getInt() == ErofsFormat.MAGIC, "no EROFS super block");
        require(block.getInt() == ErofsFormat.crc(block), "the super block is damaged (CRC)");
        int features = block.getInt();
        require((features & ErofsFormat.FEATURE_CRC) != 0, "the super block has no CRC");
        require(block.get() == ErofsFormat.BLOCK_BITS, "the block size is not 4096");
        int base = ErofsFormat.SUPER_OFFSET;
        require(block.getInt(base + 80) == 0, "has features that this reader lacks, such as compression");
        long blocks = block.getInt(base + 36) & 0xFFFF_FFFFL;
        require(blocks * BLOCK <= size, "is cut short: it should have " + blocks + " blocks of 4096 bytes");
        require(block.getInt(base + 40) == 0, "has its metadata in an unusual place");
        xattrPlace = (block.getInt(base + 44) & 0xFFFF_FFFFL) * BLOCK;
        return tree(node(block.getShort(base + 14) & 0xFFFF));
    }

    private Tree tree(Node root) throws IOException {
        require(root.type == InodeType.DIRECTORY, "the root is no directory");
        TreeBuilder tree = Tree.builder().directory("/", root.attributes, subject);
        Deque<Pending> ahead = new ArrayDeque<>();
        ahead.add(new Pending("", root));
        Set<Long> directories = new HashSet<>(Set.of(root.nid));
        Map<Long, String> files = new HashMap<>();
        int entries = 0;
        while (!ahead.isEmpty()) {
            Pending directory = ahead.pop();
            for (Map.Entry<String, Long> name : names(directory.node).entrySet()) {
                require(++entries <= MAX_ENTRIES, "has more than " + MAX_ENTRIES + " entries");
                String path = directory.path + "/" + name.getKey();
                spend(path.length());
                String other = files.get(name.getValue());
                if (other != null) {
                    tree.hardLink(path, other, subject);
                    continue;
                }
                Node node = node(name.getValue());
                if (node.type == InodeType.DIRECTORY) {
                    require(directories.add(node.nid), "two names lead to the directory " + path);
                    tree.directory(path, node.attributes, subject);
                    ahead.push(new Pending(path, node));
                } else if (node.type == InodeType.SYMLINK) {
                    require(node.size <= MAX_TARGET, "the symlink " + path + " is too long");
                    spend(node.size);
                    tree.symlink(path, node.attributes, text(content(node)), subject);
                } else {
                    files.put(node.nid, path);
                    tree.file(path, node.attributes, source(node), subject);
                }
            }
        }
        return tree.build();
    }

    private Node node(long nid) throws IOException {
        require(nid >= 0 && nid < size / ErofsFormat.SLOT, "an inode lies outside of the image: " + nid);
        long place = nid * ErofsFormat.SLOT;
        ByteBuffer inode = bytes(place, INODE_SIZE);
        int format = inode.getShort();
        int layout = format >>> 1;
        require((format & 1) == 1, "inode " + nid + " is no extended inode");
        require(
                layout == ErofsFormat.LAYOUT_PLAIN || layout == ErofsFormat.LAYOUT_INLINE,
                "inode " + nid + " has an unknown layout");
        int xattrCount = inode.getShort() & 0xFFFF;
        int mode = inode.getShort() & 0xFFFF;
        inode.getShort();
        long length = inode.getLong();
        long data = (inode.getInt() & 0xFFFF_FFFFL) * BLOCK;
        inode.getInt(); // number
        int uid = inode.getInt();
        int gid = inode.getInt();
        long mtime = inode.getLong();
        require(
                length >= 0 && length <= size && uid >= 0 && gid >= 0 && mtime >= 0,
                "inode " + nid + " has impossible sizes or owners");
        int xattrSize = xattrCount == 0 ? 0 : XATTR_HEADER_SIZE + 4 * (xattrCount - 1);
        int tail = layout == ErofsFormat.LAYOUT_INLINE ? (int) (length % BLOCK) : 0;
        long tailPlace = place + INODE_SIZE + xattrSize;
        require(
                tailPlace % BLOCK + tail <= BLOCK && tailPlace + tail <= size,
                "inode " + nid + " has its tail outside");
        require(length == tail || data + length - tail <= size, "inode " + nid + " has its data outside of the image");
        Xattrs xattrs = xattrSize == 0 ? Xattrs.NONE : xattrs(bytes(place + INODE_SIZE, xattrSize));
        Attributes attributes = new Attributes(mode & 07777, uid, gid, mtime, xattrs);
        return new Node(nid, type(mode, nid), attributes, length, data, tail, tailPlace);
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
            long place = xattrPlace + (area.getInt() & 0xFFFF_FFFFL) * 4;
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
        spend(name.length + value.length);
        entry.get(name).get(value);
        for (XattrTable.Prefix prefix : XattrTable.Prefix.values()) {
            if (prefix.index == index) {
                values.put(prefix.text + text(name), value);
                return;
            }
        }
        throw new FormatException(subject, "an xattr has an unknown prefix: " + index);
    }

    /** The names in a directory, without {@code .} and {@code ..}. */
    private Map<String, Long> names(Node directory) throws IOException {
        require(directory.size <= MAX_DIRECTORY, "a directory is larger than " + MAX_DIRECTORY + " bytes");
        ByteBuffer content = ByteBuffer.wrap(content(directory));
        Map<String, Long> names = new LinkedHashMap<>();
        byte[] last = {};
        for (int start = 0; start < content.limit(); start += BLOCK) {
            ByteBuffer block = content.slice(start, Math.min(BLOCK, content.limit() - start))
                    .order(ByteOrder.LITTLE_ENDIAN);
            require(block.limit() >= DIRENT_SIZE, "a directory block is cut short");
            int first = block.getShort(8) & 0xFFFF;
            require(
                    first >= DIRENT_SIZE && first % DIRENT_SIZE == 0 && first <= block.limit(),
                    "a directory block is damaged");
            for (int entry = 0; entry < first; entry += DIRENT_SIZE) {
                int from = block.getShort(entry + 8) & 0xFFFF;
                boolean more = entry + DIRENT_SIZE < first;
                int to = more ? block.getShort(entry + DIRENT_SIZE + 8) & 0xFFFF : block.limit();
                require(from >= first && from < to && to <= block.limit(), "a directory block is damaged");
                byte[] name = new byte[to - from];
                block.get(from, name);
                name = more ? name : untilZero(name);
                require(
                        name.length > 0 && Arrays.compareUnsigned(last, name) < 0,
                        "the names in a directory are unsorted");
                last = name;
                String text = text(name);
                require(text.indexOf('/') < 0 && text.indexOf('\0') < 0, "a name has a slash or a zero in it");
                if (!text.equals(".") && !text.equals("..")) {
                    names.put(text, block.getLong(entry));
                }
            }
        }
        return names;
    }

    private static byte[] untilZero(byte[] name) {
        int end = 0;
        while (end < name.length && name[end] != 0) {
            end++;
        }
        return Arrays.copyOf(name, end);
    }

    private byte[] content(Node node) throws IOException {
        try (InputStream in = source(node).open()) {
            return in.readAllBytes();
        }
    }

    private ContentSource source(Node node) {
        return new ContentSource() {
            @Override
            public long size() {
                return node.size;
            }

            @Override
            public InputStream open() {
                return new NodeStream(node);
            }
        };
    }

    private final class NodeStream extends InputStream {
        private final Node node;
        private long position;

        NodeStream(Node node) {
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
            long inBlocks = node.size - node.tail;
            boolean tail = position >= inBlocks;
            int count = (int) Math.min(length, (tail ? node.size : inBlocks) - position);
            long place = tail ? node.tailPlace + position - inBlocks : node.data + position;
            Channels.read(image, place, ByteBuffer.wrap(bytes, offset, count));
            position += count;
            return count;
        }
    }

    private String text(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(subject, "a name is not UTF-8", "", e);
        }
    }

    private ByteBuffer bytes(long place, int count) throws IOException {
        require(place + count <= size, "is cut short, or leads outside of itself");
        ByteBuffer bytes = ErofsFormat.allocate(count);
        Channels.read(image, place, bytes);
        return bytes;
    }

    private void spend(long bytes) {
        budget -= bytes;
        require(budget >= 0, "its names and xattrs together are too large");
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new FormatException(subject, message);
        }
    }
}
