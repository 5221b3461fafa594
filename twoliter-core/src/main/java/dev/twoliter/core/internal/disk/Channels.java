package dev.twoliter.core.internal.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;

/** Whole reads and writes at a place, which channels do only in part. */
public final class Channels {
    private static final int BLOCK = 4096;
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(BLOCK).asReadOnlyBuffer();

    private Channels() {}

    /**
     * Writes everything that remains in a buffer.
     *
     * @param channel where to
     * @param position the first byte's place
     * @param bytes what
     * @throws IOException if the channel fails
     */
    public static void write(SeekableByteChannel channel, long position, ByteBuffer bytes) throws IOException {
        if (channel instanceof FileChannel file) {
            for (long at = position; bytes.hasRemaining(); ) {
                at += file.write(bytes, at);
            }
            return;
        }
        channel.position(position);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * Writes everything that remains in a buffer to a channel that has zeros there, except for whole blocks of zeros.
     *
     * @param channel where to: a new file, or one whose place was never written
     * @param position the first byte's place
     * @param bytes what
     * @return whether anything was written
     * @throws IOException if the channel fails
     */
    public static boolean writeSparse(SeekableByteChannel channel, long position, ByteBuffer bytes) throws IOException {
        ByteBuffer rest = bytes.slice();
        int size = rest.limit();
        int start = 0;
        int zeros = 0;
        for (int at = 0; at < size; at += BLOCK) {
            int count = Math.min(BLOCK, size - at);
            if (rest.slice(at, count).equals(ZEROS.slice(0, count))) {
                write(channel, position + start, rest.slice(start, at - start));
                start = at + count;
                zeros += count;
            }
        }
        write(channel, position + start, rest.slice(start, size - start));
        return zeros < size;
    }

    /**
     * Makes a file as long as it must be if it ends with zeros that were not written.
     *
     * @param channel the file
     * @param size its size in bytes
     * @throws IOException if the channel fails
     */
    public static void extend(SeekableByteChannel channel, long size) throws IOException {
        if (channel.size() < size) {
            write(channel, size - 1, ByteBuffer.allocate(1));
        }
    }

    /**
     * Fills what remains of a buffer, and flips it. A {@link FileChannel} may be read by several threads at once.
     *
     * @param channel where from
     * @param position the first byte's place
     * @param bytes filled, then ready to be read from its start
     * @throws EOFException if the channel ends before
     * @throws IOException if the channel fails
     */
    public static void read(SeekableByteChannel channel, long position, ByteBuffer bytes) throws IOException {
        if (channel instanceof FileChannel file) {
            for (long at = position; bytes.hasRemaining(); ) {
                at += some(file.read(bytes, at), at);
            }
        } else {
            channel.position(position);
            while (bytes.hasRemaining()) {
                some(channel.read(bytes), position);
            }
        }
        bytes.flip();
    }

    private static int some(int count, long position) throws EOFException {
        if (count < 0) {
            throw new EOFException("ends before byte " + position);
        }
        return count;
    }
}
