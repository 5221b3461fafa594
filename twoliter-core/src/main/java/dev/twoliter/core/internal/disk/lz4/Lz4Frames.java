package dev.twoliter.core.internal.disk.lz4;

import dev.twoliter.api.FormatException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * LZ4 frames, and reading those whose blocks are independent. {@link Lz4FrameWriter} writes them.
 *
 * <p>A frame: u32 magic; u8 flags; u8 block size; [u64 content size]; u8 header checksum; blocks of u32 size (top bit:
 * stored as is), data and [u32 checksum]; u32 zero; [u32 content checksum]. Numbers are little-endian, checksums
 * XXH32 with seed 0.
 *
 * <p>Thread-safe.
 */
public final class Lz4Frames {
    static final int MAGIC = 0x184D2204;

    static final int VERSION = 0b0100_0000;
    static final int INDEPENDENT = 0b10_0000;
    private static final int BLOCK_CHECKSUM = 0b1_0000;
    private static final int CONTENT_SIZE = 0b1000;
    static final int CONTENT_CHECKSUM = 0b100;

    static final int MIN_CODE = 4;
    static final int MAX_CODE = 7;
    static final int STORED = 0x8000_0000;

    private Lz4Frames() {}

    /** Codes 4 to 7 stand for 64 KiB, 256 KiB, 1 MiB and 4 MiB. */
    static int blockSize(int code) {
        return 1 << (8 + 2 * code);
    }

    static int xxh32(byte[] bytes, int offset, int length) {
        return XXHashFactory.fastestInstance().hash32().hash(bytes, offset, length, 0);
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
