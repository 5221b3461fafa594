package dev.twoliter.oci.internal.tar;

import dev.twoliter.api.FormatException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive that may be hostile: ustar, pax and GNU headers, but nothing sparse. Headers, entries and bytes are
 * limited before they are read, an archive that is cut off is not taken for a whole one, and nothing may follow its end
 * but zeros. What two readers could understand differently is refused: content of what is no file, names for all entries,
 * several extended headers for one. Whatever is wrong is a {@link FormatException}; an {@link IOException} is the
 * source's. Not thread-safe.
 */
public final class TarReader implements AutoCloseable {

    /** An extended header or long name may have so many bytes, and so many zeros may follow the end mark. */
    private static final int MAX_HEADER = 1 << 20;

    private final InputStream in;
    private final String subject;
    private final long maxBytes;
    private final int maxEntries;
    private long total;
    private int count;

    /** How much of the current entry's content has not been read. */
    private long left;

    /** What follows that content, up to the end of a block. */
    private int padding;

    /**
     * Reads from a stream.
     *
     * @param in the archive, not compressed
     * @param subject what it is, for messages
     * @param maxBytes how long it may be, without the end mark
     * @param maxEntries how many entries it may have
     */
    public TarReader(InputStream in, String subject, long maxBytes, int maxEntries) {
        this.in = in;
        this.subject = subject;
        this.maxBytes = maxBytes;
        this.maxEntries = maxEntries;
    }

    /**
     * {@return the next entry; null after the last, when the source has been read to its end}
     *
     * @throws FormatException if the archive is damaged, hostile or too large
     * @throws IOException if the source cannot be read
     */
    public @Nullable TarEntry next() throws IOException {
        try {
            return nextOrThrow();
        } catch (IllegalArgumentException e) {
            throw new FormatException(subject, "it is damaged: " + e.getMessage(), "", e);
        }
    }

    private @Nullable TarEntry nextOrThrow() throws IOException {
        skip(left + padding);
        left = 0;
        padding = 0;
        PaxRecords extended = PaxRecords.NONE;
        String longName = null;
        String longLink = null;
        boolean isExtended = false;
        while (true) {
            TarHeader header = new TarHeader(readFully(TarHeader.SIZE));
            if (header.isZero()) {
                if (isExtended || longName != null || longLink != null) {
                    throw new IllegalArgumentException("it ends after an extended header");
                }
                finish();
                return null;
            }
            header.check();
            switch (header.type()) {
                case 'x' -> {
                    requireFirst(!isExtended);
                    isExtended = true;
                    extended = PaxRecords.parse(body(header));
                }
                case 'g' -> {
                    countEntry();
                    requireHarmless(PaxRecords.parse(body(header)));
                }
                case 'L' -> {
                    requireFirst(longName == null);
                    longName = name(body(header));
                }
                case 'K' -> {
                    requireFirst(longLink == null);
                    longLink = name(body(header));
                }
                default -> {
                    countEntry();
                    return entry(
                            header,
                            first(extended.path(), longName, header.name()),
                            first(extended.link(), longLink, header.link()),
                            extended.size() == null ? header.size() : extended.size());
                }
            }
        }
    }

    private static String first(@Nullable String extended, @Nullable String gnu, String plain) {
        return extended != null ? extended : gnu != null ? gnu : plain;
    }

    private static void requireFirst(boolean first) {
        if (!first) {
            throw new IllegalArgumentException("an entry has several extended headers of one kind");
        }
    }

    private static void requireHarmless(PaxRecords global) {
        if (!global.equals(PaxRecords.NONE)) {
            throw new IllegalArgumentException("a header gives all entries one name or size");
        }
    }

    private void countEntry() {
        if (++count > maxEntries) {
            throw new FormatException(subject, "it has more than " + maxEntries + " entries");
        }
    }

    private TarEntry entry(TarHeader header, String name, String link, long size) {
        TarEntry.Kind kind = kind(header.type(), name);
        boolean isLink = kind == TarEntry.Kind.SYMLINK || kind == TarEntry.Kind.HARD_LINK;
        TarEntry entry = new TarEntry(name, kind, header.mode(), size, isLink ? link : "");
        if (header.type() == 'S' || (size > 0 && kind != TarEntry.Kind.FILE)) {
            throw new FormatException(
                    subject, "the entry '" + entry.shortName() + "' is sparse, or has content though it is no file");
        }
        if (size > maxBytes - total) {
            throw new FormatException(
                    subject,
                    "with the entry '" + entry.shortName() + "' of " + size + " bytes it is longer than " + maxBytes
                            + " bytes");
        }
        left = size;
        padding = padding(size);
        return entry;
    }

    /** A name with a slash at its end is a directory's: so archives of before 1988 had it. */
    private static TarEntry.Kind kind(char type, String name) {
        return switch (type) {
            case '0', '\0', '7' -> name.endsWith("/") ? TarEntry.Kind.DIRECTORY : TarEntry.Kind.FILE;
            case '1' -> TarEntry.Kind.HARD_LINK;
            case '2' -> TarEntry.Kind.SYMLINK;
            case '5' -> TarEntry.Kind.DIRECTORY;
            default -> TarEntry.Kind.OTHER;
        };
    }

    private byte[] body(TarHeader header) throws IOException {
        long size = header.size();
        if (size > MAX_HEADER) {
            throw new FormatException(subject, "it has headers of more than " + MAX_HEADER + " bytes");
        }
        byte[] body = readFully((int) size);
        skip(padding(size));
        return body;
    }

    private static int padding(long size) {
        return (int) (-size & (TarHeader.SIZE - 1));
    }

    private static String name(byte[] body) {
        int end = 0;
        while (end < body.length && body[end] != 0) {
            end++;
        }
        return new String(body, 0, end, StandardCharsets.UTF_8);
    }

    /** After the first block of zeros there are only more of them, up to what the writer takes for a whole record. */
    private void finish() throws IOException {
        byte[] buffer = new byte[1 << 13];
        long zeros = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            for (int i = 0; i < n; i++) {
                if (buffer[i] != 0) {
                    throw new IllegalArgumentException("something follows its end");
                }
            }
            zeros += n;
            if (zeros > MAX_HEADER) {
                throw new IllegalArgumentException("more than " + MAX_HEADER + " zeros follow its end");
            }
        }
    }

    /**
     * Reads content of the current entry.
     *
     * @param buffer where to
     * @return how much was read; -1 at the end of the entry
     * @throws FormatException if the archive is cut off
     * @throws IOException if the source cannot be read
     */
    public int read(byte[] buffer) throws IOException {
        if (left == 0) {
            return -1;
        }
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
            throw cutOff();
        }
        left -= n;
        count(n);
        return n;
    }

    private byte[] readFully(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw cutOff();
        }
        count(length);
        return bytes;
    }

    private void skip(long length) throws IOException {
        try {
            in.skipNBytes(length);
        } catch (EOFException e) {
            throw cutOff();
        }
        count(length);
    }

    private void count(long bytes) {
        total += bytes;
        if (total > maxBytes) {
            throw new FormatException(subject, "it is longer than " + maxBytes + " bytes");
        }
    }

    private FormatException cutOff() {
        return new FormatException(subject, "it is cut off, or is not a tar archive");
    }

    /** Closes the source. */
    @Override
    public void close() throws IOException {
        in.close();
    }
}
