package dev.twoliter.core.internal.disk.raw;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The bytes of an image that {@link DiskImage} wrote, from the first to the last. Holes are not read from the disk,
 * which would fill the page cache with zeros: where the data is follows from what was written. Not thread-safe.
 */
public final class DiskStream extends InputStream {

    private final FileChannel disk;
    private final DataRanges data;
    private long position;

    private DiskStream(FileChannel disk, DataRanges data) {
        this.disk = disk;
        this.data = data;
    }

    /**
     * Opens an image.
     *
     * @param file the image
     * @param data where it has data, as writing it told
     * @return its bytes; to be closed
     * @throws IOException if the image cannot be read
     */
    public static DiskStream open(Path file, DataRanges data) throws IOException {
        return new DiskStream(FileChannel.open(file, StandardOpenOption.READ), data);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position >= data.size()) {
            return -1;
        }
        int count = (int) Math.min(length, data.end(position) - position);
        if (data.has(position)) {
            count = disk.read(ByteBuffer.wrap(buffer, offset, count), position);
            if (count < 0) {
                throw new IOException("the image is shorter than its partition table says");
            }
        } else {
            Arrays.fill(buffer, offset, offset + count, (byte) 0);
        }
        position += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        disk.close();
    }
}
