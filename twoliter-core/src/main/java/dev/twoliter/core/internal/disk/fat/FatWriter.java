package dev.twoliter.core.internal.disk.fat;

import static dev.twoliter.core.internal.disk.fat.FatGeometry.SECTOR;
import static dev.twoliter.core.internal.disk.fat.FatNames.ENTRY;
import static dev.twoliter.core.internal.disk.fat.FatVolume.allocate;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.fat.FatNames.FatName;
import dev.twoliter.core.internal.disk.tree.ContentReader;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeEntry;
import dev.twoliter.core.internal.disk.tree.TreeEntry.HardLink;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Symlink;
import dev.twoliter.core.internal.disk.tree.TreeNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the directories, files and times of a {@link Tree} as a FAT volume; owners, modes and extended attributes have
 * no place there. Same tree and options: same bytes. Holds the directories and the table in memory, of the files'
 * contents one buffer.
 */
public final class FatWriter {
    private static final int BUFFER = 256 * 1024;
    private static final long MAX_FILE = 0xFFFF_FFFFL;
    private static final int DIRECTORY = 0x10;
    private static final int ARCHIVE = 0x20;
    private static final int VOLUME_LABEL = 0x08;

    private final FatOptions options;
    private final FatGeometry geometry;
    private final SeekableByteChannel out;
    private final byte[] buffer = new byte[BUFFER];
    private final List<Node> nodes = new ArrayList<>();
    /** The next free cluster. */
    private long next = 2;

    private FatWriter(FatOptions options, SeekableByteChannel out) {
        this.options = options;
        this.geometry = FatGeometry.choose(options.size());
        this.out = out;
    }

    /** A file or directory; the first cluster is 0 if it has none. */
    private record Node(TreeNode tree, long size, long firstCluster, long clusters, List<FatName> names) {}

    /**
     * Writes a volume.
     *
     * @param tree what it shall hold
     * @param options what else it shall be like
     * @param out an empty file
     * @return its size in bytes
     * @throws FormatException if the tree has something that FAT cannot store, or does not fit the size
     * @throws StorageException if a file's content cannot be read or has not the size it said
     * @throws IOException if the channel fails
     */
    public static long write(Tree tree, FatOptions options, SeekableByteChannel out) throws IOException {
        for (TreeEntry entry : tree.entries()) {
            if (entry instanceof Symlink || entry instanceof HardLink) {
                throw new FormatException(entry.origin(), "FAT cannot store the link " + entry.path());
            }
        }
        return new FatWriter(options, out).write(tree);
    }

    private long write(Tree tree) throws IOException {
        for (TreeNode node : TreeNode.all(tree)) {
            nodes.add(place(node));
        }
        long needed = next - 2;
        if (needed > geometry.clusters()) {
            throw new FormatException(
                    options.label().isEmpty() ? "FAT volume" : options.label(),
                    "needs " + needed * geometry.clusterSize() + " bytes for its files, but has "
                            + geometry.clusters() * geometry.clusterSize(),
                    "make the partition larger or leave something out",
                    null);
        }
        ByteBuffer boot = FatVolume.encode(geometry, options);
        Channels.write(out, 0, boot.duplicate());
        if (geometry.bits() == 32) {
            ByteBuffer info = info();
            Channels.write(out, (long) FatVolume.INFO_SECTOR * SECTOR, info.duplicate());
            Channels.write(out, (long) FatVolume.BACKUP_SECTOR * SECTOR, boot);
            Channels.write(out, (long) (FatVolume.BACKUP_SECTOR + FatVolume.INFO_SECTOR) * SECTOR, info);
        }
        writeTables();
        for (Node node : nodes) {
            if (node.tree.isDirectory()) {
                writeDirectory(node);
            } else {
                writeFile(node);
            }
        }
        Channels.extend(out, options.size());
        return options.size();
    }

    private Node place(TreeNode tree) {
        if (!tree.isDirectory()) {
            long size = tree.content().size();
            if (size > MAX_FILE) {
                throw new FormatException(tree.inode().path(), "is too large a file for FAT: " + size + " bytes");
            }
            return take(tree, size, List.of());
        }
        List<FatName> names = FatNames.of(
                tree.names().stream().map(name -> name.node().inode()).toList());
        int entries = names.stream().mapToInt(FatName::entries).sum();
        boolean root = isRoot(tree);
        entries += root ? (options.label().isEmpty() ? 0 : 1) : 2;
        long size = Math.max((long) entries * ENTRY, 1);
        if (root && geometry.bits() != 32) {
            if (size > geometry.rootSectors() * (long) SECTOR) {
                throw new FormatException(
                        "/", "the root directory of a FAT" + geometry.bits() + " volume is too small");
            }
            return new Node(tree, size, 0, 0, names);
        }
        return take(tree, size, names);
    }

    private static boolean isRoot(TreeNode tree) {
        return tree.index() == 0;
    }

    private Node take(TreeNode tree, long size, List<FatName> names) {
        long clusters = (size + geometry.clusterSize() - 1) / geometry.clusterSize();
        Node node = new Node(tree, size, clusters == 0 ? 0 : next, clusters, names);
        next += clusters;
        return node;
    }

    private ByteBuffer info() {
        ByteBuffer info = allocate(SECTOR);
        info.putInt(0, 0x4161_5252).putInt(484, 0x6141_7272);
        info.putInt(488, (int) (geometry.clusters() - (next - 2))).putInt(492, (int) (next - 1));
        info.putInt(508, 0xAA55_0000);
        return info;
    }

    private void writeTables() throws IOException {
        ByteBuffer table = allocate(Math.toIntExact((next * geometry.bits() + 7) / 8 + 4));
        putEntry(table, 0, (geometry.end() & ~0xFF) | FatVolume.MEDIA);
        putEntry(table, 1, geometry.end());
        for (Node node : nodes) {
            long last = node.firstCluster + node.clusters - 1;
            for (long cluster = node.firstCluster; node.clusters > 0 && cluster <= last; cluster++) {
                putEntry(table, cluster, cluster == last ? geometry.end() : (int) cluster + 1);
            }
        }
        table.limit(table.limit() - 4); // room for putEntry only
        for (int copy = 0; copy < geometry.tables(); copy++) {
            long place = (geometry.reservedSectors() + copy * geometry.tableSectors()) * SECTOR;
            Channels.write(out, place, table.duplicate());
        }
    }

    /** Entries of 12 bits share bytes; what is there already stays. */
    private void putEntry(ByteBuffer table, long cluster, int value) {
        long bit = cluster * geometry.bits();
        int at = (int) (bit / 8);
        table.putInt(at, table.getInt(at) | value << (int) (bit % 8));
    }

    private void writeFile(Node node) throws IOException {
        try (ContentReader content = ContentReader.open(node.tree.inode(), node.tree.content())) {
            long place = geometry.place(node.firstCluster);
            for (long done = 0; done < node.size; done += BUFFER) {
                int count = (int) Math.min(BUFFER, node.size - done);
                content.read(buffer, 0, count);
                Channels.writeSparse(out, place + done, ByteBuffer.wrap(buffer, 0, count));
            }
            content.expectEnd();
        }
    }

    private void writeDirectory(Node node) throws IOException {
        ByteBuffer entries = allocate(Math.toIntExact(node.size));
        if (!isRoot(node.tree)) {
            TreeNode parent = node.tree.parent();
            long parentCluster = isRoot(parent) ? 0 : nodes.get(parent.index()).firstCluster;
            putEntry(entries, ".          ", node, node.firstCluster);
            putEntry(entries, "..         ", nodes.get(parent.index()), parentCluster);
        } else if (!options.label().isEmpty()) {
            entries.put(FatVolume.padded(options.label(), 11)).put((byte) VOLUME_LABEL);
            entries.putInt(22, DosTime.encode(options.time())).position(ENTRY);
        }
        for (int i = 0; i < node.names.size(); i++) {
            FatName name = node.names.get(i);
            Node child = nodes.get(node.tree.names().get(i).node().index());
            if (name.needsLong()) {
                FatNames.putLong(name, entries);
            }
            putEntry(entries, name.shortName(), child, child.firstCluster);
        }
        long place = isRoot(node.tree) && geometry.bits() != 32
                ? geometry.rootSector() * SECTOR
                : geometry.place(node.firstCluster);
        Channels.write(out, place, entries.clear());
    }

    private static void putEntry(ByteBuffer entries, String shortName, Node node, long cluster) {
        int time = DosTime.encode(node.tree.inode().attributes().mtime());
        boolean directory = node.tree.isDirectory();
        entries.put(shortName.getBytes(US_ASCII))
                .put((byte) (directory ? DIRECTORY : ARCHIVE))
                .putShort((short) 0);
        entries.putInt(time).putShort((short) (time >>> 16)); // made; read
        entries.putShort((short) (cluster >>> 16)).putInt(time).putShort((short) cluster);
        entries.putInt(directory ? 0 : (int) node.size);
    }
}
