package dev.twoliter.oci.internal.tar;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes a tar archive (POSIX.1-2001 pax; sizes from 8 GiB in base 256) whose bytes depend on its entries alone: all
 * belong to root. Extended headers are written here, because those of commons-compress hold the name of the user who
 * runs the build. Not thread-safe.
 */
public final class TarWriter implements Closeable {

    private static final int MAX_NAME = TarConstants.NAMELEN;

    private final TarArchiveOutputStream tar;
    private final long millis;

    /**
     * Writes to a stream.
     *
     * @param out where to; closed with the writer
     * @param epochSeconds the time of all entries, in seconds since 1970
     */
    public TarWriter(OutputStream out, long epochSeconds) {
        this.tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        this.tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_TRUNCATE);
        this.tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
        this.millis = Math.multiplyExact(epochSeconds, 1000L);
    }

    /** Adds a directory; its name ends with a slash. */
    public void directory(String name, int mode) throws IOException {
        open(name, "", TarConstants.LF_DIR, mode, 0);
        tar.closeArchiveEntry();
    }

    /** Adds a symbolic link. */
    public void symlink(String name, String target, int mode) throws IOException {
        open(name, target, TarConstants.LF_SYMLINK, mode, 0);
        tar.closeArchiveEntry();
    }

    /** Adds a file; fails if the content does not have the size. */
    public void file(String name, int mode, long size, InputStream content) throws IOException {
        open(name, "", TarConstants.LF_NORMAL, mode, size);
        content.transferTo(tar);
        tar.closeArchiveEntry();
    }

    private void open(String name, String link, byte type, int mode, long size) throws IOException {
        String extended = record("path", name) + record("linkpath", link);
        if (!extended.isEmpty()) {
            byte[] records = extended.getBytes(StandardCharsets.UTF_8);
            put("././@PaxHeader", "", TarConstants.LF_PAX_EXTENDED_HEADER_LC, 0644, records.length);
            tar.write(records);
            tar.closeArchiveEntry();
        }
        put(fitting(name), fitting(link), type, mode, size);
    }

    private void put(String name, String link, byte type, int mode, long size) throws IOException {
        TarArchiveEntry header = new TarArchiveEntry(name, type, true);
        header.setLinkName(link);
        header.setMode(mode);
        header.setIds(0, 0);
        header.setNames("root", "root");
        header.setModTime(millis);
        header.setSize(size);
        tar.putArchiveEntry(header);
    }

    /** A record "LENGTH KEY=VALUE\n", whose length counts its own digits; none where the plain header suffices. */
    private static String record(String key, String value) {
        if (value.equals(fitting(value))) {
            return "";
        }
        String rest = " " + key + "=" + value + "\n";
        int bytes = rest.getBytes(StandardCharsets.UTF_8).length;
        int length = bytes + 1;
        while (length != bytes + Integer.toString(length).length()) {
            length = bytes + Integer.toString(length).length();
        }
        return length + rest;
    }

    /** What of a name goes into the plain header: ASCII, 99 characters at most. */
    private static String fitting(String name) {
        StringBuilder ascii = new StringBuilder();
        name.chars().limit(MAX_NAME - 1).forEach(c -> ascii.append(c < 0x80 ? (char) c : '_'));
        return ascii.toString();
    }

    /** Writes the end mark. */
    public void finish() throws IOException {
        tar.finish();
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
