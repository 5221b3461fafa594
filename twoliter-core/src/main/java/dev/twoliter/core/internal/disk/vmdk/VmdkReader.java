package dev.twoliter.core.internal.disk.vmdk;

import static dev.twoliter.core.internal.disk.vmdk.VmdkFormat.GRAIN;
import static dev.twoliter.core.internal.disk.vmdk.VmdkFormat.SECTOR;
import static dev.twoliter.core.internal.disk.vmdk.VmdkFormat.TABLE_ENTRIES;
import static dev.twoliter.core.internal.disk.vmdk.VmdkFormat.allocate;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.DiskReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The disk in a streamOptimized VMDK image with grains of 64 KiB. */
public final class VmdkReader extends DiskReader {
    private static final long MAX_SIZE = 1L << 44;
    private static final int MAX_GRAIN_DATA = 2 * GRAIN;

    private final SeekableByteChannel image;
    private final String subject;
    private final long end;
    private final long directory;
    private final ByteBuffer table = allocate(VmdkFormat.TABLE_SIZE);
    private long tableIndex = -1;
    private final byte[] grain = new byte[GRAIN];
    private long grainIndex = -1;

    private VmdkReader(SeekableByteChannel image, ByteBuffer header, String subject) throws IOException {
        super(header.getLong(12) * SECTOR);
        this.image = image;
        this.subject = subject;
        this.end = image.size();
        require(
                header.getInt(0) == VmdkFormat.MAGIC
                        && header.getInt(4) == VmdkFormat.VERSION
                        && (header.getInt(8) & ~VmdkFormat.FLAG_SPARE) == VmdkFormat.FLAGS
                        && header.getLong(20) == VmdkFormat.GRAIN_SECTORS
                        && header.getInt(44) == TABLE_ENTRIES
                        && header.getInt(73) == VmdkFormat.LINE_ENDS
                        && header.getShort(77) == VmdkFormat.DEFLATE,
                "is not of the kind streamOptimized, or damaged");
        long sectors = header.getLong(12);
        this.directory = header.getLong(56);
        require(sectors >= 0 && sectors <= MAX_SIZE / SECTOR, "has an impossible size");
        long tables = VmdkFormat.divide(sectors, (long) VmdkFormat.GRAIN_SECTORS * TABLE_ENTRIES);
        require(directory > 0 && directory < end / SECTOR && directory * SECTOR + tables * 4 <= end, "is cut short");
    }

    /**
     * Opens an image.
     *
     * @param image stays open as long as this is read
     * @param subject its name for messages
     * @return the disk; damage that is found only later is a {@link FormatException}, too
     * @throws FormatException if this is no such image, or it is damaged
     * @throws IOException if the channel fails
     */
    public static VmdkReader open(SeekableByteChannel image, String subject) throws IOException {
        long end = image.size();
        ByteBuffer header = allocate(SECTOR);
        if (end < 3 * SECTOR) {
            throw new FormatException(subject, "no VMDK image: too small");
        }
        Channels.read(image, 0, header);
        if (header.getInt() != VmdkFormat.MAGIC) {
            throw new FormatException(subject, "no VMDK image");
        }
        if (header.getLong(56) == VmdkFormat.AT_END) {
            Channels.read(image, end - 2 * SECTOR, header.clear()); // an end marker follows it
        }
        return new VmdkReader(image, header, subject);
    }

    @Override
    protected int read(long position, ByteBuffer bytes) throws IOException {
        if (position / GRAIN != grainIndex) {
            grainIndex = position / GRAIN;
            load();
        }
        int within = (int) (position % GRAIN);
        int count = Math.min(bytes.remaining(), GRAIN - within);
        bytes.put(grain, within, count);
        return count;
    }

    private void load() throws IOException {
        long index = grainIndex / TABLE_ENTRIES;
        if (index != tableIndex) {
            long place = bytes(directory * SECTOR + index * 4, 4).getInt() & 0xFFFF_FFFFL;
            Arrays.fill(table.array(), (byte) 0);
            if (place != 0) {
                table.clear().put(bytes(place * SECTOR, VmdkFormat.TABLE_SIZE));
            }
            tableIndex = index;
        }
        long place = table.getInt((int) (grainIndex % TABLE_ENTRIES) * 4) & 0xFFFF_FFFFL;
        Arrays.fill(grain, (byte) 0);
        if (place == 0) {
            return;
        }
        ByteBuffer head = bytes(place * SECTOR, VmdkFormat.GRAIN_HEADER);
        int dataSize = head.getInt(8);
        require(
                head.getLong() == grainIndex * VmdkFormat.GRAIN_SECTORS && dataSize > 0 && dataSize <= MAX_GRAIN_DATA,
                "a grain is damaged");
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(bytes(place * SECTOR + VmdkFormat.GRAIN_HEADER, dataSize));
            int count = inflater.inflate(grain);
            while (count < GRAIN && !inflater.finished() && !inflater.needsInput()) {
                count += inflater.inflate(grain, count, GRAIN - count);
            }
            require(
                    inflater.finished() || (inflater.inflate(new byte[1]) == 0 && inflater.finished()),
                    "a grain is damaged");
        } catch (DataFormatException e) {
            throw new FormatException(subject, "a grain is damaged", "", e);
        } finally {
            inflater.end();
        }
    }

    private ByteBuffer bytes(long place, int count) throws IOException {
        require(place >= 0 && place <= end - count, "is cut short, or leads outside of itself");
        ByteBuffer bytes = allocate(count);
        Channels.read(image, place, bytes);
        return bytes;
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new FormatException(subject, message);
        }
    }
}
