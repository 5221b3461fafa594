package dev.twoliter.core.internal.disk.lz4;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.OrderedWork;
import java.io.EOFException;
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
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Writes LZ4 frames, byte for byte those of {@code lz4 -9}: high compression of level 9, independent blocks of 4 MiB, a
 * checksum over the content. Reads such frames to verify them.
 *
 * <p>A frame: u32 magic; u8 flags; u8 block size; [u64 content size]; u8 header checksum; blocks of u32 size (top bit:
 * stored as is), data and [u32 checksum]; u32 zero; [u32 content checksum]. Numbers are little-endian, checksums
 * XXH32 with seed 0.
 *
 * <p>Thread-safe. Compresses on all cores up to four, in 20 MiB of memory and 8 more for each of them.
 */
public final class Lz4Frames {
    private static final int MAGIC = 0x184D2204;

    private static final int VERSION = 0b0100_0000;
    private static final int INDEPENDENT = 0b10_0000;
    private static final int BLOCK_CHECKSUM = 0b1_0000;
    private static final int CONTENT_SIZE = 0b1000;
    private static final int CONTENT_CHECKSUM = 0b100;

    private static final int LEVEL = 9;
    private static final int MIN_CODE = 4;
    private static final int MAX_CODE = 7;
    private static final int MAX_BLOCK = blockSize(MAX_CODE);
    private static final int STORED = 0x8000_0000;

    private Lz4Frames() {}

    /** Codes 4 to 7 stand for 64 KiB, 256 KiB, 1 MiB and 4 MiB. */
    private static int blockSize(int code) {
        return 1 << (8 + 2 * code);
    }

    /**
     * Compresses a stream to one frame.
     *
     * @param in read to its end, not closed
     * @param out gets the frame; not closed
     * @throws StorageException if the native library that compresses cannot be loaded
     * @throws IOException if a stream fails
     */
    public static void compress(InputStream in, OutputStream out) throws IOException {
        StreamingXXHash32 checksum = XXHashFactory.fastestInstance().newStreamingHash32(0);
        Compressor compressor = new Compressor();
        int threads = OrderedWork.cores();
        Deque<Block> free = new ArrayDeque<>();
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
                work.add(() -> compressor.compress(block));
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

    private static int xxh32(byte[] bytes, int offset, int length) {
        return XXHashFactory.fastestInstance().hash32().hash(bytes, offset, length, 0);
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

    /** Compresses blocks; the full blocks of zeros of which disk images have so many, only once. */
    private static final class Compressor {
        private static final byte[] ZEROS = new byte[MAX_BLOCK];

        private final LZ4Compressor lz4 = NativeLz4.load().highCompressor(LEVEL);
        private final byte[] zeros = lz4.compress(ZEROS);

        Block compress(Block block) {
            if (Arrays.equals(block.bytes, 0, block.size, ZEROS, 0, MAX_BLOCK)) {
                System.arraycopy(zeros, 0, block.compressed, 0, zeros.length);
                block.compressedSize = zeros.length;
                return block;
            }
            try {
                block.compressedSize = block.size == 0
                        ? 0
                        : lz4.compress(block.bytes, 0, block.size, block.compressed, 0, block.size - 1);
            } catch (LZ4Exception e) {
                block.compressedSize = 0; // does not fit into less than the block
            }
            return block;
        }
    }

    /**
     * Decompresses one frame. Takes independent blocks only.
     *
     * @param in read to the end of the frame, not closed; small reads, so it should be buffered
     * @param out gets the content; not closed
     * @param maxSize the most bytes that the content may have
     * @param subject the name of the input for messages
     * @return how many bytes the content has
     * @throws FormatException if this is no such frame, if it is damaged, or if its content is too large
     * @throws IOException if a stream fails
     */
    public static long decompress(InputStream in, OutputStream out, long maxSize, String subject) throws IOException {
        try {
            return new Reader(in, subject).copyTo(out, maxSize);
        } catch (EOFException e) {
            throw new FormatException(subject, "the LZ4 frame is cut short", "", e);
        }
    }

    private static final class Reader {
        private final InputStream in;
        private final String subject;
        private final LZ4SafeDecompressor lz4 = LZ4Factory.fastestInstance().safeDecompressor();

        Reader(InputStream in, String subject) {
            this.in = in;
            this.subject = subject;
        }

        long copyTo(OutputStream out, long maxSize) throws IOException {
            byte[] start = bytes(6);
            ByteBuffer fields = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
            require(fields.getInt() == MAGIC, "no LZ4 frame");
            int flags = fields.get();
            int code = fields.get() >>> 4;
            int known = VERSION | INDEPENDENT | BLOCK_CHECKSUM | CONTENT_SIZE | CONTENT_CHECKSUM;
            require((flags & ~known) == 0 && (flags & VERSION) != 0, "an LZ4 frame of an unknown version");
            require((flags & INDEPENDENT) != 0, "the blocks of the LZ4 frame depend on each other");
            require(code >= MIN_CODE && code <= MAX_CODE, "the LZ4 frame has an unknown block size");
            boolean sized = (flags & CONTENT_SIZE) != 0;
            byte[] size = bytes(sized ? 8 : 0);
            byte[] descriptor = Arrays.copyOfRange(start, 4, 6 + size.length);
            System.arraycopy(size, 0, descriptor, 2, size.length);
            byte headerChecksum = (byte) (xxh32(descriptor, 0, descriptor.length) >>> 8);
            require(bytes(1)[0] == headerChecksum, "the header of the LZ4 frame is damaged");

            StreamingXXHash32 checksum = XXHashFactory.fastestInstance().newStreamingHash32(0);
            byte[] block = new byte[blockSize(code)];
            long total = 0;
            for (int word = number(); word != 0; word = number()) {
                int length = block(word, (flags & BLOCK_CHECKSUM) != 0, block);
                total += length;
                require(total <= maxSize, "the content of the LZ4 frame is larger than " + maxSize + " bytes");
                checksum.update(block, 0, length);
                out.write(block, 0, length);
            }
            if ((flags & CONTENT_CHECKSUM) != 0) {
                require(number() == checksum.getValue(), "the content of the LZ4 frame does not match its checksum");
            }
            require(
                    !sized
                            || ByteBuffer.wrap(size)
                                            .order(ByteOrder.LITTLE_ENDIAN)
                                            .getLong()
                                    == total,
                    "the LZ4 frame has not the content size that it says");
            return total;
        }

        private int block(int word, boolean checksum, byte[] block) throws IOException {
            int length = word & ~STORED;
            require(length <= block.length, "a block of the LZ4 frame is too large");
            byte[] data = bytes(length);
            require(!checksum || number() == xxh32(data, 0, length), "a block of the LZ4 frame is damaged");
            if ((word & STORED) != 0) {
                System.arraycopy(data, 0, block, 0, length);
                return length;
            }
            try {
                return lz4.decompress(data, 0, length, block, 0, block.length);
            } catch (LZ4Exception e) {
                throw new FormatException(subject, "a block of the LZ4 frame is damaged", "", e);
            }
        }

        private int number() throws IOException {
            return ByteBuffer.wrap(bytes(4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
        }

        private byte[] bytes(int count) throws IOException {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException();
            }
            return bytes;
        }

        private void require(boolean holds, String message) {
            if (!holds) {
                throw new FormatException(subject, message);
            }
        }
    }
}
