package dev.twoliter.core.internal.disk.qcow2;

import static dev.twoliter.core.internal.disk.qcow2.Qcow2Format.CLUSTER;
import static dev.twoliter.core.internal.disk.qcow2.Qcow2Format.ENTRIES;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.DiskReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

/** The disk in a qcow2 image with clusters of 64 KiB, without compression, encryption, snapshots or a backing file. */
public final class Qcow2Reader extends DiskReader {
    private static final long MAX_SIZE = 1L << 44;

    private final SeekableByteChannel image;
    private final String subject;
    private final long end;
    private final long l1Place;
    private final ByteBuffer l2 = ByteBuffer.allocate(CLUSTER);
    private long l2Index = -1;

    private Qcow2Reader(SeekableByteChannel image, ByteBuffer header, String subject) throws IOException {
        super(header.getLong(24));
        this.image = image;
        this.subject = subject;
        this.end = image.size();
        require(header.getInt() == Qcow2Format.MAGIC, "no qcow2 image");
        require(header.getInt() == Qcow2Format.VERSION, "not of version 3");
        require(
                header.getLong(8) == 0
                        && header.getInt(20) == Qcow2Format.CLUSTER_BITS
                        && header.getInt(32) == 0
                        && header.getInt(60) == 0
                        && header.getLong(72) == 0
                        && header.getInt(96) == Qcow2Format.REFCOUNT_ORDER,
                "has features that this reader lacks");
        this.l1Place = header.getLong(40);
        require(size() >= 0 && size() <= MAX_SIZE, "has an impossible size: " + size());
        long tables = Qcow2Format.divide(Qcow2Format.divide(size(), CLUSTER), ENTRIES);
        require(header.getInt(36) >= tables && l1Place >= 0 && l1Place <= end - tables * 8, "is cut short");
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
    public static Qcow2Reader open(SeekableByteChannel image, String subject) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(Qcow2Format.HEADER_SIZE);
        if (image.size() < header.limit()) {
            throw new FormatException(subject, "no qcow2 image: too small");
        }
        Channels.read(image, 0, header);
        return new Qcow2Reader(image, header, subject);
    }

    @Override
    protected int read(long position, ByteBuffer bytes) throws IOException {
        int within = (int) (position % CLUSTER);
        int count = Math.min(bytes.remaining(), CLUSTER - within);
        long place = place(position / CLUSTER);
        ByteBuffer part = bytes.slice(bytes.position(), count);
        if (place == 0) {
            part.put(new byte[count]);
        } else {
            read(place + within, part, image);
        }
        bytes.position(bytes.position() + count);
        return count;
    }

    /** Where a cluster of the disk lies; 0 if it is zeros. */
    private long place(long cluster) throws IOException {
        long index = cluster / ENTRIES;
        if (index != l2Index) {
            ByteBuffer entry = ByteBuffer.allocate(8);
            read(l1Place + index * 8, entry, image);
            long table = entry.getLong() & Qcow2Format.PLACE;
            if (table == 0) {
                Arrays.fill(l2.array(), (byte) 0);
            } else {
                read(table, l2.clear(), image);
            }
            l2Index = index;
        }
        long entry = l2.getLong((int) (cluster % ENTRIES) * 8);
        require((entry & Qcow2Format.COMPRESSED) == 0, "has a compressed cluster, which this reader lacks");
        return (entry & Qcow2Format.ZERO) == 0 ? entry & Qcow2Format.PLACE : 0;
    }

    private void read(long place, ByteBuffer bytes, SeekableByteChannel from) throws IOException {
        require(place >= 0 && place <= end - bytes.remaining(), "is cut short, or leads outside of itself");
        Channels.read(from, place, bytes);
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new FormatException(subject, message);
        }
    }
}
