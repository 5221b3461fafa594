package dev.twoliter.core.internal.disk.raw;

import dev.twoliter.core.internal.disk.gpt.Partition;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The bytes of an image that {@link DiskImage} wrote, from the first to the last. Holes are not read from the disk,
 * which would fill the page cache with zeros: where the data is follows from what was written. Not thread-safe.
 */
public final class DiskStream extends InputStream {

    /** Both copies of the partition table are well within their megabyte. */
    private static final long TABLE = 1 << 20;

    private final FileChannel disk;
    private final long size;
    /** Where data may be: start to end. */
    private final NavigableMap<Long, Long> data = new TreeMap<>();

    private long position;

    private DiskStream(FileChannel disk, long size) {
        this.disk = disk;
        this.size = size;
    }

    /**
     * Opens an image.
     *
     * @param file the image
     * @param table its partitions, as it was written with
     * @param contents what was put into them, as it was written with
     * @return its bytes; to be closed
     * @throws IOException if the image or a content cannot be read
     */
    public static DiskStream open(Path file, PartitionTable table, Map<Integer, Path> contents) throws IOException {
        long size = table.sectors() * PartitionTable.SECTOR;
        DiskStream stream = new DiskStream(FileChannel.open(file, StandardOpenOption.READ), size);
        stream.data.put(0L, Math.min(TABLE, size));
        stream.data.put(Math.max(size - TABLE, 0), size);
        for (Map.Entry<Integer, Path> content : contents.entrySet()) {
            Partition partition = table.partition(content.getKey());
            stream.data.put(partition.offset(), partition.offset() + Files.size(content.getValue()));
        }
        return stream;
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
        if (position >= size) {
            return -1;
        }
        Map.Entry<Long, Long> before = data.floorEntry(position);
        boolean inData = before != null && position < before.getValue();
        Long next = inData ? before.getValue() : data.higherKey(position);
        int count = (int) Math.min(length, (next == null ? size : next) - position);
        if (inData) {
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
