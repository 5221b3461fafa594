package dev.twoliter.rpm.internal.codec;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.XZInputStream;

/** The compressions of payloads and of metadata files, told apart by their first bytes. */
public final class Compression {
    private static final int BUFFER = 1 << 16;
    private static final int XZ_MEMORY_KIB = 100 << 10; // xz -9 needs 65 MiB
    private static final int[] ZSTD = {0x28, 0xB5, 0x2F, 0xFD};
    private static final int[] GZIP = {0x1F, 0x8B};
    private static final int[] XZ = {0xFD, '7', 'z', 'X', 'Z', 0};
    private static final int[] BZIP2 = {'B', 'Z', 'h'};
    // Properties 0x5D and a dictionary that is a multiple of 64 KiB: what all LZMA encoders of RPMs write.
    private static final int[] LZMA = {0x5D, 0x00, 0x00};

    private Compression() {}

    /**
     * Decompresses a stream; one without a known beginning is passed through.
     *
     * @throws IOException also for whatever goes wrong inside of a decoder
     */
    public static InputStream decompress(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
        buffered.mark(8);
        byte[] start = buffered.readNBytes(6);
        buffered.reset();
        try {
            if (begins(start, ZSTD)) {
                return new Guarded(new ZstdInputStream(buffered));
            } else if (begins(start, GZIP)) {
                return new Guarded(new GZIPInputStream(buffered, BUFFER));
            } else if (begins(start, XZ)) {
                return new Guarded(new XZInputStream(buffered, XZ_MEMORY_KIB));
            } else if (begins(start, BZIP2)) {
                return new Guarded(new BZip2CompressorInputStream(buffered, true));
            } else if (begins(start, LZMA)) {
                return new Guarded(new LZMAInputStream(buffered, XZ_MEMORY_KIB));
            }
            return buffered;
        } catch (RuntimeException e) {
            throw new IOException("the compressed data is damaged", e);
        }
    }

    private static boolean begins(byte[] start, int[] magic) {
        byte[] expected = new byte[magic.length];
        for (int i = 0; i < magic.length; i++) {
            expected[i] = (byte) magic[i];
        }
        return start.length >= magic.length && Arrays.equals(start, 0, magic.length, expected, 0, magic.length);
    }

    /** Compresses with zstd in one thread, so that the bytes depend on nothing else. */
    public static OutputStream zstd(OutputStream out, int level) throws IOException {
        return new ZstdOutputStream(out, level);
    }

    /** Decoders may answer damaged data with any runtime exception; callers see IOException only. */
    private static final class Guarded extends FilterInputStream {
        private Guarded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (RuntimeException e) {
                throw new IOException("the compressed data is damaged", e);
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return in.read(buffer, offset, length);
            } catch (RuntimeException e) {
                throw new IOException("the compressed data is damaged", e);
            }
        }
    }
}
