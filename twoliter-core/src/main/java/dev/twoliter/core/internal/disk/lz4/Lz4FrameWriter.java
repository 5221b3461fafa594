package dev.twoliter.core.internal.disk.lz4;

import static dev.twoliter.core.internal.disk.lz4.Lz4Frames.CONTENT_CHECKSUM;
import static dev.twoliter.core.internal.disk.lz4.Lz4Frames.INDEPENDENT;
import static dev.twoliter.core.internal.disk.lz4.Lz4Frames.MAGIC;
import static dev.twoliter.core.internal.disk.lz4.Lz4Frames.MAX_CODE;
import static dev.twoliter.core.internal.disk.lz4.Lz4Frames.MIN_CODE;
import static dev.twoliter.core.internal.disk.lz4.Lz4Frames.STORED;
import static dev.twoliter.core.internal.disk.lz4.Lz4Frames.VERSION;
import static dev.twoliter.core.internal.disk.lz4.Lz4Frames.blockSize;
import static dev.twoliter.core.internal.disk.lz4.Lz4Frames.xxh32;

import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.OrderedWork;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Writes {@link Lz4Frames}, byte for byte those of {@code lz4 -9}: high compression of level 9, independent blocks of
 * 4 MiB, a checksum over the content.
 *
 * <p>Compresses on all cores up to four, in 20 MiB of memory and 8 more for each of them, which it keeps for the next
 * frame. Not thread-safe.
 */
public final class Lz4FrameWriter {
    private static final int LEVEL = 9;
    private static final int MAX_BLOCK = blockSize(MAX_CODE);
    private static final byte[] ZEROS = new byte[MAX_BLOCK];

    private final LZ4Compressor lz4;
    /** A block of zeros, compressed: disk images have so many. */
    private final byte[] zeros;

    private final Deque<Block> free = new ArrayDeque<>();

    /**
     * Makes a writer.
     *
     * @throws StorageException if the native library that compresses cannot be loaded
     */
    public Lz4FrameWriter() {
        lz4 = NativeLz4.load().highCompressor(LEVEL);
        zeros = lz4.compress(ZEROS);
    }

    /**
     * Compresses a stream to one frame.
     *
     * @param in read to its end, not closed
     * @param out gets the frame; not closed
     * @throws IOException if a stream fails
     */
    public void write(InputStream in, OutputStream out) throws IOException {
        StreamingXXHash32 checksum = XXHashFactory.fastestInstance().newStreamingHash32(0);
        int threads = OrderedWork.cores();
        try (OrderedWork<Block> work = new OrderedWork<>("lz4", threads, threads + 1, block -> {
            block.writeTo(out);
            free.add(block);
        })) {
            for (long at = 0, size = MAX_BLOCK; size == MAX_BLOCK; at += size) {
                // One more than there are tasks at most: while all are under way, the next is read.
                Block block = free.isEmpty() ? new Block() : free.remove();
                block.size = in.readNBytes(block.bytes, 0, MAX_BLOCK);
                if (at == 0) {
                    out.write(header(block.size));
                }
                checksum.update(block.bytes, 0, block.size);
                work.add(() -> compress(block));
                size = block.size;
            }
            work.finish();
        }
        out.write(littleEndian(0));
        out.write(littleEndian(checksum.getValue()));
    }

    /** As lz4 does, content of less than a block gets the smallest block size that it fits into. */
    private static byte[] header(int size) {
        int code = MIN_CODE;
        while (blockSize(code) < size) {
            code++;
        }
        ByteBuffer header = ByteBuffer.allocate(7).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(MAGIC);
        header.put((byte) (VERSION | INDEPENDENT | CONTENT_CHECKSUM));
        header.put((byte) (code << 4));
        header.put((byte) (xxh32(header.array(), 4, 2) >>> 8));
        return header.array();
    }

    private static byte[] littleEndian(int number) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array();
    }

    /** A block before and after compression. */
    private static final class Block {
        final byte[] bytes = new byte[MAX_BLOCK];
        final byte[] compressed = new byte[MAX_BLOCK];
        int size;
        /** Zero if compression did not make it smaller. */
        int compressedSize;

        void writeTo(OutputStream out) throws IOException {
            if (compressedSize > 0) {
                out.write(littleEndian(compressedSize));
                out.write(compressed, 0, compressedSize);
            } else if (size > 0) {
                out.write(littleEndian(size | STORED));
                out.write(bytes, 0, size);
            }
        }
    }

    private Block compress(Block block) {
        if (Arrays.equals(block.bytes, 0, block.size, ZEROS, 0, MAX_BLOCK)) {
            System.arraycopy(zeros, 0, block.compressed, 0, zeros.length);
            block.compressedSize = zeros.length;
            return block;
        }
        try {
            block.compressedSize =
                    block.size == 0 ? 0 : lz4.compress(block.bytes, 0, block.size, block.compressed, 0, block.size - 1);
        } catch (LZ4Exception e) {
            block.compressedSize = 0; // does not fit into less than the block
        }
        return block;
    }
}
