package dev.twoliter.core.internal.disk.fat;

import static dev.twoliter.core.internal.disk.fat.FatGeometry.SECTOR;
import static dev.twoliter.core.internal.disk.fat.FatNames.ENTRY;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.ImageWalk;
import dev.twoliter.core.internal.disk.tree.ImageWalk.Found;
import dev.twoliter.core.internal.disk.tree.ImageWalk.Kind;
import dev.twoliter.core.internal.disk.tree.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Reads FAT volumes with sectors of 512 bytes, and checks that both tables are alike, that every chain has the length of
 * its file, and that no cluster is in two chains. Everything in the tree belongs to root and has mode 0755.
 */
public final class FatReader {
    private static final int MODE = 0755;
    private static final int DIRECTORY = 0x10;
    private static final int VOLUME_LABEL = 0x08;
    private static final int DELETED = 0xE5;
    private static final int WINDOW = 1 << 16;
    private static final long ROOT = 0;

    private final SeekableByteChannel image;
    private final ImageWalk walk;
    private final FatVolume volume;
    private final FatGeometry geometry;
    /** Clusters in a chain. */
    private final BitSet taken = new BitSet();
    /** What entries lead to, by the entry's place. */
    private final Map<Long, Entry> entries = new HashMap<>();

    private final ByteBuffer window = FatVolume.allocate(WINDOW);
    private long windowPlace = -1;

    private FatReader(SeekableByteChannel image, String subject) throws IOException {
        this.image = image;
        this.walk = new ImageWalk(subject);
        walk.require(image.size() >= SECTOR, "is no FAT volume: too small");
        ByteBuffer boot = FatVolume.allocate(SECTOR);
        Channels.read(image, 0, boot);
        this.geometry = FatVolume.geometry(boot, subject);
        this.volume = FatVolume.decode(boot, geometry);
        walk.require(image.size() >= volume.size(), "is cut short: it should have " + volume.size() + " bytes");
    }

    private record Entry(boolean directory, long cluster, long size, long mtime) {}

    /**
     * Reads the boot sector alone.
     *
     * @param image the volume
     * @param subject its name for messages
     * @return what it says
     * @throws FormatException if this is no such volume, or it is damaged
     * @throws IOException if the channel fails
     */
    public static FatVolume volume(SeekableByteChannel image, String subject) throws IOException {
        return new FatReader(image, subject).volume;
    }

    /**
     * Reads a volume.
     *
     * @param image stays open as long as contents of the tree are read, by one thread at a time
     * @param subject the image's name for messages
     * @return what it holds; contents are read from the image when they are opened
     * @throws FormatException if this is no such volume, or it is damaged
     * @throws IOException if the channel fails
     */
    public static Tree read(SeekableByteChannel image, String subject) throws IOException {
        return new FatReader(image, subject).read();
    }

    private Tree read() throws IOException {
        checkTables();
        long root = 0;
        if (geometry.bits() == 32) {
            ByteBuffer field = FatVolume.allocate(4);
            Channels.read(image, 0x2C, field);
            root = field.getInt() & 0xFFFF_FFFFL;
        }
        entries.put(ROOT, new Entry(true, root, 0, 0));
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
                ROOT);
    }

    private void checkTables() throws IOException {
        if (geometry.tables() == 1) {
            return;
        }
        long size = geometry.tableSectors() * SECTOR;
        ByteBuffer one = FatVolume.allocate(WINDOW);
        ByteBuffer other = FatVolume.allocate(WINDOW);
        for (long at = 0; at < size; at += WINDOW) {
            one.clear().limit((int) Math.min(WINDOW, size - at));
            other.clear().limit(one.limit());
            Channels.read(image, (long) geometry.reservedSectors() * SECTOR + at, one);
            Channels.read(image, (long) geometry.reservedSectors() * SECTOR + size + at, other);
            walk.require(one.equals(other), "its two tables differ");
        }
    }

    private Entry entry(long number) {
        return Objects.requireNonNull(entries.get(number));
    }

    private Found found(long number) throws IOException {
        Entry entry = entry(number);
        Attributes attributes = Attributes.root(MODE, entry.mtime);
        if (entry.directory) {
            return new Found(Kind.DIRECTORY, attributes, ContentSource.of(new byte[0]));
        }
        long length = chain(entry.cluster);
        long expected = (entry.size + geometry.clusterSize() - 1) / geometry.clusterSize();
        walk.require(length == expected, "a file of " + entry.size + " bytes has " + length + " clusters");
        return new Found(Kind.FILE, attributes, new ContentSource() {
            @Override
            public long size() {
                return entry.size;
            }

            @Override
            public InputStream open() {
                return new ChainStream(entry.cluster, entry.size);
            }
        });
    }

    /** Marks a chain's clusters as taken; gives their number. */
    private long chain(long first) throws IOException {
        long length = 0;
        for (long cluster = first; cluster != 0 && !isEnd(cluster); cluster = next(cluster)) {
            walk.require(
                    cluster >= 2 && cluster < geometry.clusters() + 2, "a chain leads outside: cluster " + cluster);
            walk.require(!taken.get((int) cluster), "cluster " + cluster + " is in two chains");
            taken.set((int) cluster);
            length++;
        }
        return length;
    }

    private boolean isEnd(long cluster) {
        return cluster >= (geometry.end() & ~7);
    }

    private long next(long cluster) throws IOException {
        long bit = cluster * geometry.bits();
        long at = bit / 8;
        long base = at / (WINDOW / 2) * (WINDOW / 2);
        if (base != windowPlace) {
            long size = geometry.tableSectors() * SECTOR;
            window.clear().limit((int) Math.min(WINDOW, size - base));
            Channels.read(image, (long) geometry.reservedSectors() * SECTOR + base, window);
            window.limit(WINDOW);
            windowPlace = base;
        }
        int value = window.getInt((int) (at - base)) >>> (int) (bit % 8);
        long next = value & geometry.end();
        walk.require(next != 0, "a chain leads to a free cluster");
        return next;
    }

    private Map<String, Long> directory(long number) throws IOException {
        Map<String, Long> names = new LinkedHashMap<>();
        Entry directory = entry(number);
        if (directory.cluster == 0) {
            walk.require(number == ROOT && geometry.bits() != 32, "a directory has no clusters");
            Names block = new Names(names);
            block.read(geometry.rootSector() * SECTOR, geometry.rootSectors() * SECTOR);
            return names;
        }
        long length = chain(directory.cluster);
        walk.require(length * geometry.clusterSize() <= ImageWalk.MAX_DIRECTORY, "a directory is too large");
        Names block = new Names(names);
        for (long cluster = directory.cluster; !isEnd(cluster) && !block.ended; cluster = next(cluster)) {
            block.read(geometry.place(cluster), geometry.clusterSize());
        }
        return names;
    }

    /** Reads entries one after the other; a long name comes before its short one, last part first. */
    private final class Names {
        private final Map<String, Long> names;
        private String longName = "";
        private int partsLeft;
        private byte checksum;
        private boolean ended;

        Names(Map<String, Long> names) {
            this.names = names;
        }

        void read(long place, int size) throws IOException {
            ByteBuffer block = FatVolume.allocate(size);
            Channels.read(image, place, block);
            for (int at = 0; at < size && !ended; at += ENTRY) {
                ByteBuffer entry = block.slice(at, ENTRY).order(block.order());
                int first = entry.get(0) & 0xFF;
                int attribute = entry.get(11) & 0x3F;
                if (first == 0) {
                    ended = true;
                } else if (first == DELETED) {
                    longName = "";
                } else if (attribute == FatNames.LONG_ATTRIBUTE) {
                    addPart(entry, first);
                } else {
                    if ((attribute & VOLUME_LABEL) == 0) {
                        add(entry, place + at, (attribute & DIRECTORY) != 0);
                    }
                    longName = "";
                }
            }
        }

        private void addPart(ByteBuffer entry, int order) {
            if ((order & FatNames.LAST_LONG) != 0) {
                longName = "";
                partsLeft = order & ~FatNames.LAST_LONG;
                checksum = entry.get(13);
            }
            walk.require(
                    partsLeft > 0 && (order & ~FatNames.LAST_LONG) == partsLeft && checksum == entry.get(13),
                    "the parts of a long name are out of order");
            partsLeft--;
            longName = FatNames.longPart(entry) + longName;
        }

        private void add(ByteBuffer entry, long place, boolean directory) {
            byte[] shortName = new byte[11];
            entry.get(0, shortName);
            walk.require(
                    longName.isEmpty() || (partsLeft == 0 && checksum == FatNames.checksum(shortName)),
                    "a long name belongs to another file");
            String name = longName.isEmpty() ? plain(shortName) : longName;
            if (name.equals(".") || name.equals("..")) {
                return;
            }
            String checked = walk.name(name.getBytes(UTF_8));
            long cluster =
                    (entry.getShort(26) & 0xFFFFL) | (geometry.bits() == 32 ? (entry.getShort(20) & 0xFFFFL) << 16 : 0);
            long size = entry.getInt(28) & 0xFFFF_FFFFL;
            entries.put(place, new Entry(directory, cluster, size, DosTime.decode(entry.getInt(22))));
            walk.require(names.put(checked, place) == null, "a directory has the name " + checked + " twice");
        }

        private String plain(byte[] shortName) {
            String text = new String(shortName, ISO_8859_1);
            String extension = text.substring(8).stripTrailing();
            return text.substring(0, 8).stripTrailing() + (extension.isEmpty() ? "" : "." + extension);
        }
    }

    private final class ChainStream extends InputStream {
        private final long size;
        private long cluster;
        private long position;

        ChainStream(long cluster, long size) {
            this.cluster = cluster;
            this.size = size;
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
            if (position == size) {
                return -1;
            }
            int within = (int) (position % geometry.clusterSize());
            if (within == 0 && position > 0) {
                cluster = FatReader.this.next(cluster);
            }
            int count = (int) Math.min(Math.min(length, geometry.clusterSize() - within), size - position);
            Channels.read(image, geometry.place(cluster) + within, ByteBuffer.wrap(bytes, offset, count));
            position += count;
            return count;
        }
    }
}
