package dev.twoliter.oci.internal.tar;

import com.github.luben.zstd.ZstdInputStream;
import dev.twoliter.api.FormatException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;

/**
 * A layer's tar, uncompressed: plain, gzip and zstd are told by their first bytes. Whatever goes wrong while reading is a
 * {@link FormatException}, so that it cannot be taken for a full disk. Between entries a budget bounds what names and
 * extended headers may take, before anything is allocated for them. Not thread-safe.
 */
public final class LayerStream extends FilterInputStream {

    private static final long UNLIMITED = Long.MAX_VALUE;

    private final InputStream layer;
    private final String subject;
    private long count;
    private long budget = UNLIMITED;

    private LayerStream(InputStream plain, InputStream layer, String subject) {
        super(plain);
        this.layer = layer;
        this.subject = subject;
    }

    /**
     * Begins to read a layer.
     *
     * @param layer the layer; closing the result leaves it open
     * @param subject what it is, for messages
     * @return the plain tar
     */
    public static LayerStream open(InputStream layer, String subject) {
        InputStream shielded = new FilterInputStream(layer) {
            @Override
            public void close() {}
        };
        BufferedInputStream in = new BufferedInputStream(shielded, 1 << 16);
        try {
            in.mark(4);
            byte[] magic = in.readNBytes(4);
            in.reset();
            if (startsWith(magic, 0x1f, 0x8b)) {
                return new LayerStream(new GZIPInputStream(in, 1 << 16), layer, subject);
            }
            if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
                return new LayerStream(new ZstdInputStream(in), layer, subject);
            }
            return new LayerStream(in, layer, subject);
        } catch (IOException e) {
            throw new FormatException(subject, "it cannot be read: " + e.getMessage(), "", e);
        }
    }

    private static boolean startsWith(byte[] bytes, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** Bounds what is read until {@link #unlimited()}. */
    public void limit(long bytes) {
        budget = bytes;
    }

    /** Ends a {@link #limit}. */
    public void unlimited() {
        budget = UNLIMITED;
    }

    /** {@return how many bytes of the tar have been read} */
    public long count() {
        return count;
    }

    /** Reads the rest, so that a digest over all of the layer is checked. */
    public void drain() {
        byte[] buffer = new byte[1 << 16];
        while (read(buffer, 0, buffer.length) >= 0) {
            unlimited();
        }
        try {
            layer.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw unreadable(e);
        }
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
            if (n > 0) {
                count += n;
                if (budget != UNLIMITED) {
                    budget -= n;
                    if (budget < 0) {
                        throw new FormatException(
                                subject, "an entry has a longer name or header than a layer may have");
                    }
                }
            }
            return n;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public long skip(long n) {
        byte[] buffer = new byte[(int) Math.min(Math.max(n, 0), 1 << 14)];
        long left = n;
        while (left > 0) {
            int read = read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) {
                break;
            }
            left -= read;
        }
        return Math.max(n, 0) - Math.max(left, 0);
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private FormatException unreadable(IOException e) {
        return new FormatException(
                subject,
                "it cannot be read: " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
                "The layer is damaged: do not use the image.",
                e);
    }
}
