package dev.twoliter.core.internal.disk;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads a raw disk in pieces of one size, for the formats that leave out pieces of zeros. Not thread-safe. */
public final class DiskChunks {
    private final InputStream raw;
    private final long size;
    private final byte[] chunk;
    private final byte[] zeros;
    private long next;

    /**
     * Reads a disk.
     *
     * @param raw the disk's bytes; not closed
     * @param size how many they are
     * @param chunkSize the size of the pieces
     */
    public DiskChunks(InputStream raw, long size, int chunkSize) {
        this.raw = raw;
        this.size = size;
        this.chunk = new byte[chunkSize];
        this.zeros = new byte[chunkSize];
    }

    /** {@return the number of pieces} */
    public long count() {
        return (size + chunk.length - 1) / chunk.length;
    }

    /**
     * Reads on to the next piece that is not zeros.
     *
     * @return its number, from 0 on; {@link #count} at the end
     * @throws EOFException if the disk has fewer bytes than it should
     * @throws IOException if it has more, or cannot be read
     */
    public long next() throws IOException {
        while (next < count()) {
            int expected = (int) Math.min(chunk.length, size - next * chunk.length);
            if (raw.readNBytes(chunk, 0, expected) < expected) {
                throw new EOFException("the disk has fewer bytes than " + size);
            }
            Arrays.fill(chunk, expected, chunk.length, (byte) 0);
            next++;
            if (!Arrays.equals(chunk, zeros)) {
                return next - 1;
            }
        }
        if (raw.read() >= 0) {
            throw new IOException("the disk has more bytes than " + size);
        }
        return count();
    }

    /** {@return the piece that was read last, padded with zeros; overwritten by the next} */
    public byte[] bytes() {
        return chunk;
    }
}
