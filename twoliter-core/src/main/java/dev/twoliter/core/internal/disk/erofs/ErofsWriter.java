package dev.twoliter.core.internal.disk.erofs;

import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.BLOCK;
import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.DIRENT_SIZE;
import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.INODE_SIZE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.erofs.ErofsFormat.InodeType;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeEntry;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Directory;
import dev.twoliter.core.internal.disk.tree.TreeEntry.HardLink;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Inode;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Symlink;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Writes an uncompressed EROFS image of a {@link Tree}. Same tree, identifier and time: same bytes. Holds the inodes in
 * memory, of the files' contents one buffer.
 *
 * <p>The image: block 0 with the super block; inodes with their xattrs and tails, the root directory first (its nid must
 * fit into 16 bits); shared xattrs; data blocks in the order of the paths.
 */
public final class ErofsWriter {
    private static final int BUFFER = 256 * 1024;

    private final SeekableByteChannel out;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final XattrTable xattrs = new XattrTable();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

    private ErofsWriter(SeekableByteChannel out) {
        this.out = out;
    }

    /** An inode that will be, and the names in it if it is a directory. */
    private static final class Node {
        final Inode inode;
        final InodeType type;
        final List<Name> names = new ArrayList<>();
        byte[] xattrs = {};
        long size;
        int links = 1;
        /** Bytes behind the inode; the rest of the size is in blocks. */
        int tail;

        long place;
        long firstBlock;

        Node(Inode inode, InodeType type) {
            this.inode = inode;
            this.type = type;
        }

        long blocks() {
            return ErofsFormat.blocks(size - tail);
        }

        int headerSize() {
            return INODE_SIZE + xattrs.length;
        }
    }

    /** A directory entry. */
    private record Name(byte[] bytes, Node node) {}

    /**
     * Writes an image.
     *
     * @param tree what it shall hold
     * @param uuid the file system's identifier
     * @param buildTime seconds since 1970, for the super block
     * @param out an empty file
     * @return the image's size in bytes, whole blocks of 4096
     * @throws FormatException if the tree has something that EROFS cannot store
     * @throws StorageException if a file's content cannot be read or has not the size it said
     * @throws IOException if the channel fails
     */
    public static long write(Tree tree, UUID uuid, long buildTime, SeekableByteChannel out) throws IOException {
        Objects.requireNonNull(uuid, "uuid");
        return new ErofsWriter(out).write(tree, uuid, buildTime);
    }

    private long write(Tree tree, UUID uuid, long buildTime) throws IOException {
        tree.entries().forEach(this::addNode);
        tree.entries().forEach(this::addName);
        Node root = node("/");
        root.names.add(new Name(bytes(".."), root));
        nodes.values().forEach(node -> xattrs.count(node.inode.attributes().xattrs(), node.inode.path()));
        xattrs.share();

        MetadataSpace space = new MetadataSpace(BLOCK);
        nodes.values().forEach(node -> place(node, space));
        long sharedPlace = ErofsFormat.blocks(space.end()) * BLOCK;
        ByteBuffer shared = xattrs.sharedArea();
        long block = ErofsFormat.blocks(sharedPlace + shared.limit());
        for (Node node : nodes.values()) {
            node.firstBlock = node.blocks() == 0 ? 0 : block;
            block += node.blocks();
        }
        if (block > 0xFFFF_FFFFL) {
            throw new FormatException("root tree", "is too large for EROFS: " + block + " blocks");
        }

        Channels.write(out, 0, superBlock(uuid, buildTime, block, sharedPlace / BLOCK));
        Channels.write(out, sharedPlace, shared);
        int number = 1;
        for (Node node : nodes.values()) {
            writeHeader(node, number++);
            writeContent(node);
        }
        if (out.size() < block * BLOCK) {
            Channels.write(out, block * BLOCK - 1, ByteBuffer.allocate(1));
        }
        return block * BLOCK;
    }

    private void addNode(TreeEntry entry) {
        if (entry instanceof Directory directory) {
            nodes.put(entry.path(), new Node(directory, InodeType.DIRECTORY));
        } else if (entry instanceof RegularFile file) {
            Node node = new Node(file, InodeType.REGULAR);
            node.size = file.content().size();
            nodes.put(entry.path(), node);
        } else if (entry instanceof Symlink link) {
            Node node = new Node(link, InodeType.SYMLINK);
            node.size = bytes(link.target()).length;
            nodes.put(entry.path(), node);
        }
    }

    private void addName(TreeEntry entry) {
        String path = entry.path();
        Node node = node(entry instanceof HardLink link ? link.file() : path);
        if (entry instanceof HardLink) {
            node.links++;
        }
        if (entry instanceof Directory) {
            node.links++; // its own "."
            node.names.add(new Name(bytes("."), node));
        }
        if (path.equals("/")) {
            return;
        }
        Node parent = node(path.substring(0, Math.max(path.lastIndexOf('/'), 1)));
        parent.names.add(new Name(bytes(entry.name()), node));
        if (entry instanceof Directory) {
            parent.links++;
            node.names.add(new Name(bytes(".."), parent));
        }
    }

    private Node node(String path) {
        return Objects.requireNonNull(nodes.get(path), path);
    }

    /** Keeps the tail with the inode if both fit into one block. */
    private void place(Node node, MetadataSpace space) {
        node.xattrs = xattrs.area(node.inode.attributes().xattrs(), node.inode.path());
        if (node.type == InodeType.DIRECTORY) {
            node.names.sort((a, b) -> Arrays.compareUnsigned(a.bytes(), b.bytes()));
            node.size = directorySize(node);
        }
        int tail = (int) (node.size % BLOCK);
        node.tail = node.headerSize() + tail <= BLOCK ? tail : 0;
        node.place = space.allocate(node.headerSize() + node.tail);
    }

    private ByteBuffer superBlock(UUID uuid, long buildTime, long blocks, long sharedBlock) {
        ByteBuffer block = ErofsFormat.allocate(BLOCK);
        block.position(ErofsFormat.SUPER_OFFSET);
        block.putInt(ErofsFormat.MAGIC);
        block.putInt(0); // CRC, below
        block.putInt(ErofsFormat.FEATURE_CRC | ErofsFormat.FEATURE_MTIME);
        block.put((byte) ErofsFormat.BLOCK_BITS);
        block.put((byte) 0); // no extended slots
        block.putShort((short) nid(node("/")));
        block.putLong(nodes.size());
        block.putLong(buildTime);
        block.putInt(0); // nanoseconds
        block.putInt((int) blocks);
        block.putInt(0); // first metadata block: nids count from the start
        block.putInt((int) sharedBlock);
        block.putLong(Long.reverseBytes(uuid.getMostSignificantBits()));
        block.putLong(Long.reverseBytes(uuid.getLeastSignificantBits()));
        block.putInt(ErofsFormat.SUPER_OFFSET + ErofsFormat.SUPER_CRC_OFFSET, ErofsFormat.crc(block));
        return block.clear();
    }

    private void writeHeader(Node node, int number) throws IOException {
        Attributes attributes = node.inode.attributes();
        int layout = node.tail > 0 ? ErofsFormat.LAYOUT_INLINE : ErofsFormat.LAYOUT_PLAIN;
        ByteBuffer header = ErofsFormat.allocate(node.headerSize());
        header.putShort((short) (1 | layout << 1));
        header.putShort((short) xattrCount(node.xattrs.length));
        header.putShort((short) (node.type.modeBits | attributes.mode()));
        header.putShort((short) 0);
        header.putLong(node.size);
        header.putInt((int) node.firstBlock);
        header.putInt(number);
        header.putInt(attributes.uid());
        header.putInt(attributes.gid());
        header.putLong(attributes.mtime());
        header.putInt(0); // nanoseconds
        header.putInt(node.links);
        header.put(INODE_SIZE, node.xattrs);
        Channels.write(out, node.place, header.clear());
    }

    private static int xattrCount(int areaSize) {
        return areaSize == 0 ? 0 : (areaSize - ErofsFormat.XATTR_HEADER_SIZE) / 4 + 1;
    }

    private void writeContent(Node node) throws IOException {
        if (node.inode instanceof RegularFile file) {
            writeContent(node, file.content());
        } else if (node.inode instanceof Symlink link) {
            writeContent(node, ContentSource.of(bytes(link.target())));
        } else {
            writeContent(node, ContentSource.of(directory(node)));
        }
    }

    private void writeContent(Node node, ContentSource content) throws IOException {
        try (InputStream in = open(node, content)) {
            long place = node.firstBlock * BLOCK;
            for (long left = node.size - node.tail; left > 0; left -= BUFFER) {
                fill(node, in, (int) Math.min(BUFFER, left));
                int padding = (int) (ErofsFormat.blocks(buffer.limit()) * BLOCK) - buffer.limit();
                Channels.write(out, place, buffer);
                Channels.write(out, place + buffer.limit(), ByteBuffer.allocate(padding));
                place += BUFFER;
            }
            fill(node, in, node.tail);
            Channels.write(out, node.place + node.headerSize(), buffer);
            expectEnd(node, in);
        }
    }

    private static InputStream open(Node node, ContentSource content) {
        try {
            return content.open();
        } catch (IOException e) {
            throw unreadable(node, e);
        }
    }

    private void fill(Node node, InputStream in, int size) {
        try {
            if (in.readNBytes(buffer.array(), 0, size) < size) {
                throw new EOFException("it has fewer bytes than the " + node.size + " it said");
            }
        } catch (IOException e) {
            throw unreadable(node, e);
        }
        buffer.clear().limit(size);
    }

    private static void expectEnd(Node node, InputStream in) {
        try {
            if (in.read() >= 0) {
                throw new IOException("it has more bytes than the " + node.size + " it said");
            }
        } catch (IOException e) {
            throw unreadable(node, e);
        }
    }

    private static StorageException unreadable(Node node, IOException cause) {
        return StorageException.of("read", node.inode.path() + " of " + node.inode.origin(), cause);
    }

    /** Divides sorted names among blocks; gives the number of names in each. */
    private static List<Integer> directoryBlocks(Node directory) {
        List<Integer> counts = new ArrayList<>();
        int count = 0;
        int used = 0;
        for (Name name : directory.names) {
            int size = DIRENT_SIZE + name.bytes().length;
            if (used + size > BLOCK) {
                counts.add(count);
                count = 0;
                used = 0;
            }
            count++;
            used += size;
        }
        counts.add(count);
        return counts;
    }

    private static long directorySize(Node directory) {
        List<Integer> counts = directoryBlocks(directory);
        int last = counts.get(counts.size() - 1);
        List<Name> names = directory.names;
        long size = (counts.size() - 1L) * BLOCK;
        for (Name name : names.subList(names.size() - last, names.size())) {
            size += DIRENT_SIZE + name.bytes().length;
        }
        return size;
    }

    private static byte[] directory(Node directory) {
        ByteBuffer content = ErofsFormat.allocate(Math.toIntExact(directory.size));
        Iterator<Name> names = directory.names.iterator();
        int block = 0;
        for (int count : directoryBlocks(directory)) {
            int entry = block;
            int text = block + count * DIRENT_SIZE;
            for (int i = 0; i < count; i++, entry += DIRENT_SIZE) {
                Name name = names.next();
                content.putLong(entry, nid(name.node()));
                content.putShort(entry + 8, (short) (text - block));
                content.put(entry + 10, (byte) name.node().type.dirent);
                content.put(text, name.bytes());
                text += name.bytes().length;
            }
            block += BLOCK;
        }
        return content.array();
    }

    private static long nid(Node node) {
        return node.place / ErofsFormat.SLOT;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
