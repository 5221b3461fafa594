package dev.twoliter.core.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A disk, or a part of one, that is read at any place. Closing does nothing. Not thread-safe. */
public abstract class DiskReader implements SeekableByteChannel {
    private final long size;
    private long position;

    /**
     * Makes a disk.
     *
     * @param size in bytes
     */
    protected DiskReader(long size) {
        this.size = size;
    }

    /**
     * A part of a disk.
     *
     * @param disk the disk
     * @param offset the part's first byte
     * @param size in bytes; what lies beyond the disk's end cannot be read
     * @return the part
     */
    public static DiskReader part(SeekableByteChannel disk, long offset, long size) {
        return new DiskReader(size) {
            @Override
            protected int read(long place, ByteBuffer bytes) throws IOException {
                disk.position(offset + place);
                return disk.read(bytes);
            }
        };
    }

    /**
     * Reads some bytes.
     *
     * @param place the first byte, within the disk
     * @param bytes has room for one at least, and for none beyond the disk's end
     * @return how many were read, at least one; or -1 if the disk ends before its size
     * @throws IOException if they cannot be read
     */
    protected abstract int read(long place, ByteBuffer bytes) throws IOException;

    @Override
    public final int read(ByteBuffer bytes) throws IOException {
        if (!bytes.hasRemaining()) {
            return 0;
        }
        if (position >= size) {
            return -1;
        }
        int limit = bytes.limit();
        bytes.limit((int) Math.min(limit, bytes.position() + (size - position)));
        try {
            int count = read(position, bytes);
            position += Math.max(count, 0);
            return count;
        } finally {
            bytes.limit(limit);
        }
    }

    @Override
    public final long position() {
        return position;
    }

    @Override
    public final DiskReader position(long newPosition) {
        if (newPosition < 0) {
            throw new IllegalArgumentException("negative position: " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public final long size() {
        return size;
    }

    @Override
    public final int write(ByteBuffer bytes) {
        throw new NonWritableChannelException();
    }

    @Override
    public final DiskReader truncate(long newSize) {
        throw new NonWritableChannelException();
    }

    @Override
    public final boolean isOpen() {
        return true;
    }

    @Override
    public final void close() {
        // the channel beneath belongs to whoever opened it
    }
}
