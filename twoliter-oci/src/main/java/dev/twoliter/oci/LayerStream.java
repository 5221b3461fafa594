package dev.twoliter.oci;

import com.github.luben.zstd.ZstdInputStream;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.tar.GzipStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A layer's tar: undoes gzip (RFC 1952) and zstd (RFC 8878), told by their first bytes, but not without end. What the
 * source throws is a {@link StorageException}; what a decompressor finds wrong, a {@link FormatException}. Closing it
 * leaves the source open. Not thread-safe.
 */
final class LayerStream extends InputStream {

    private static final int BUFFER = 1 << 17;
    private static final int GZIP = 0x1f8b;
    private static final int ZSTD = 0x28b52ffd;

    /** As a power of two, the most memory that a zstd frame may want; its best levels want so much, --ultra more. */
    private static final int ZSTD_WINDOW = 25;

    /** So much any layer may have, however small it is compressed. */
    private static final long ALWAYS_ALLOWED = 64L << 20;

    private final String subject;
    private final int maxRatio;
    private final Source source;
    private final InputStream plain;
    private long delivered;

    LayerStream(InputStream layer, String subject, int maxRatio) {
        this.subject = subject;
        this.maxRatio = maxRatio;
        this.source = new Source(layer, subject);
        try {
            this.plain = plain(new BufferedInputStream(source, BUFFER));
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private static InputStream plain(BufferedInputStream in) throws IOException {
        in.mark(4);
        int magic = 0;
        for (byte b : in.readNBytes(4)) {
            magic = magic << 8 | (b & 0xff);
        }
        in.reset();
        if (magic >>> 16 == GZIP) {
            return new GzipStream(in);
        }
        return magic == ZSTD ? new ZstdInputStream(in).setLongMax(ZSTD_WINDOW) : in;
    }

    private FormatException damaged(IOException e) {
        return new FormatException(subject, "its compression is damaged: " + e.getMessage(), "", e);
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        try {
            int n = plain.read(buffer, offset, length);
            delivered += Math.max(n, 0);
            if (delivered > ALWAYS_ALLOWED && delivered / maxRatio > source.count) {
                throw new FormatException(
                        subject,
                        "it is more than " + maxRatio + " times as large as its compressed form",
                        "The layer is made to fill disks; do not use the image.",
                        null);
            }
            return n;
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    @Override
    public void close() throws IOException {
        plain.close();
    }

    /** Tells the errors of a disk or a network from those of the layer. */
    private static final class Source extends InputStream {
        private final InputStream in;
        private final String subject;
        private long count;

        Source(InputStream layer, String subject) {
            this.in = layer;
            this.subject = subject;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            try {
                int n = in.read(buffer, offset, length);
                count += Math.max(n, 0);
                return n;
            } catch (IOException e) {
                throw StorageException.of("read", subject, e);
            }
        }
    }
}
