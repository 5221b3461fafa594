package dev.twoliter.oci.internal.tar;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.TwoliterException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive that may be hostile. Headers, entries and bytes are limited, and an archive that is cut off is not
 * taken for a whole one. Whatever is wrong is a {@link FormatException}; exceptions of Twoliter that the source throws
 * pass through. Not thread-safe.
 */
public final class TarReader implements AutoCloseable {

    /** What may lie between the content of two entries: extended headers, long names; and after the last: padding. */
    private static final long MAX_HEADERS = 1 << 20;

    private final String subject;
    private final int maxEntries;
    private final Bounded in;
    private final Tar tar;
    private int count;
    private long skipped;

    /**
     * Reads from a stream.
     *
     * @param in the archive, not compressed
     * @param subject what it is, for messages
     * @param maxBytes how long it may be
     * @param maxEntries how many entries it may have
     */
    public TarReader(InputStream in, String subject, long maxBytes, int maxEntries) {
        this.subject = subject;
        this.maxEntries = maxEntries;
        this.in = new Bounded(in, subject, maxBytes);
        this.tar = new Tar(this.in);
    }

    /**
     * {@return the next entry, which is not sparse, and has content only if it is a file; null after the last}
     *
     * @throws FormatException if the archive is damaged or too large
     */
    public @Nullable TarArchiveEntry next() {
        in.allow(skipped + MAX_HEADERS);
        TarArchiveEntry entry;
        try {
            entry = tar.getNextEntry();
            if (entry == null) {
                finish();
                return null;
            }
        } catch (TwoliterException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // commons-compress reports some damage with IllegalArgumentException and its kin.
            throw damaged(e);
        }
        if (++count > maxEntries) {
            throw new FormatException(subject, "it has more than " + maxEntries + " entries");
        }
        if (entry.isSparse() || entry.getSize() < 0 || (entry.getSize() > 0 && !isRegular(entry))) {
            throw new FormatException(
                    subject, "the entry '" + shortName(entry) + "' is sparse, or has content though it is no file");
        }
        skipped = entry.getSize();
        in.allow(skipped);
        return entry;
    }

    private void finish() throws IOException {
        if (!tar.complete) {
            throw new FormatException(subject, "it is cut off, or is not a tar archive");
        }
        in.allow(MAX_HEADERS);
        in.transferTo(OutputStream.nullOutputStream());
    }

    /**
     * Reads content of the current entry.
     *
     * @param buffer where to
     * @return how much was read; -1 at the end of the entry
     */
    public int read(byte[] buffer) {
        try {
            int n = tar.read(buffer, 0, buffer.length);
            skipped -= Math.max(n, 0);
            return n;
        } catch (TwoliterException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw damaged(e);
        }
    }

    /**
     * {@return whether an entry is a plain file; its own answer is yes for anything it does not know}
     *
     * @param entry the entry
     */
    public static boolean isRegular(TarArchiveEntry entry) {
        byte type = entry.getLinkFlag();
        return (type == '0' || type == 0 || type == '7') && !entry.isDirectory();
    }

    /**
     * {@return the name of an entry, for messages}
     *
     * @param entry the entry
     */
    public static String shortName(TarArchiveEntry entry) {
        String name = entry.getName();
        return name.length() > 200 ? name.substring(0, 200) + "…" : name;
    }

    private FormatException damaged(Exception e) {
        return new FormatException(subject, "it is damaged: " + e.getMessage(), "", e);
    }

    /** Closes the source. */
    @Override
    public void close() throws IOException {
        tar.close();
    }

    /** Notes the end mark, without which commons-compress is content as well. */
    private static final class Tar extends TarArchiveInputStream {
        private boolean complete;

        Tar(InputStream in) {
            super(in, StandardCharsets.UTF_8.name());
        }

        @Override
        protected boolean isEOFRecord(byte @Nullable [] record) {
            boolean end = super.isEOFRecord(record);
            complete |= end && record != null;
            return end;
        }
    }

    /** Counts, and fails before more is read than is allowed. */
    private static final class Bounded extends InputStream {
        private final InputStream in;
        private final String subject;
        private final long max;
        private long total;
        private long allowed;

        Bounded(InputStream in, String subject, long max) {
            this.in = in;
            this.subject = subject;
            this.max = max;
        }

        void allow(long bytes) {
            allowed = bytes;
        }

        private long counted(long n) {
            if (n > 0) {
                total += n;
                allowed -= n;
                if (total > max) {
                    throw new FormatException(subject, "it is longer than " + max + " bytes");
                }
                if (allowed < 0) {
                    throw new FormatException(subject, "it has headers of more than " + MAX_HEADERS + " bytes");
                }
            }
            return n;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            counted(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return (int) counted(in.read(buffer, offset, (int) Math.min(length, allowed + 1)));
        }

        @Override
        public long skip(long n) throws IOException {
            return counted(in.skip(Math.min(n, allowed + 1)));
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
