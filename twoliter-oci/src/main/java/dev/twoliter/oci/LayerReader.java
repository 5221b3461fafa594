package dev.twoliter.oci;

import com.github.luben.zstd.ZstdInputStream;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.tar.TarReader;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Looks into a layer without unpacking it: a tar, plain or compressed with gzip or zstd, which its first bytes tell. */
public final class LayerReader {

    private static final long MAX_BYTES = 64L << 30;
    private static final int MAX_ENTRIES = 1_000_000;
    private static final int GZIP = 0x1f8b;
    private static final int ZSTD = 0x28b52ffd;

    private LayerReader() {}

    /** Is shown the files of a layer, in order. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Is shown a file.
         *
         * @param name its name as the layer has it, which is not checked: it may lead anywhere
         * @param content its content; need not be read
         * @return whether to go on
         * @throws IOException if the content cannot be put where the visitor wants it
         */
        boolean file(String name, InputStream content) throws IOException;
    }

    /**
     * Shows the plain files of a layer. Unless the visitor ends it, the layer is read to its end, so that a {@link
     * VerifyingStream} comes to its verdict.
     *
     * @param layer the layer; not closed
     * @param subject what it is, for messages
     * @param visitor is shown the files
     * @throws FormatException if the layer is damaged or too large
     * @throws StorageException if it cannot be read, or the visitor fails
     */
    public static void read(InputStream layer, String subject, Visitor visitor) {
        try {
            BufferedInputStream source = new BufferedInputStream(layer);
            TarReader tar = new TarReader(plain(source, subject), subject, MAX_BYTES, MAX_ENTRIES);
            for (var entry = tar.next(); entry != null; entry = tar.next()) {
                if (TarReader.isRegular(entry) && !visitor.file(entry.getName(), new Content(tar))) {
                    return;
                }
            }
            source.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw StorageException.of("read", subject, e);
        }
    }

    private static InputStream plain(BufferedInputStream in, String subject) throws IOException {
        in.mark(4);
        int magic = 0;
        for (byte b : in.readNBytes(4)) {
            magic = magic << 8 | (b & 0xff);
        }
        in.reset();
        try {
            return magic >>> 16 == GZIP ? new GZIPInputStream(in) : magic == ZSTD ? new ZstdInputStream(in) : in;
        } catch (ZipException | EOFException e) {
            throw new FormatException(subject, "its compression is damaged: " + e.getMessage(), "", e);
        }
    }

    /** The content of the entry that is being shown. */
    private static final class Content extends InputStream {
        private final TarReader tar;

        Content(TarReader tar) {
            this.tar = tar;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return tar.read(one) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            byte[] part = new byte[length];
            int n = tar.read(part);
            if (n > 0) {
                System.arraycopy(part, 0, buffer, offset, n);
            }
            return n;
        }
    }
}
