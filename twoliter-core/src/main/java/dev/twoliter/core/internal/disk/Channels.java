package dev.twoliter.core.internal.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;

/** Whole reads and writes at a place, which channels do only in part. */
public final class Channels {
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
