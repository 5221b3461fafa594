package dev.twoliter.oci.internal.tar;

import dev.twoliter.api.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * Where the files of an uncompressed tar are (POSIX.1-1988 ustar, with GNU's binary sizes): reads headers only, so that
 * an archive of many gigabytes opens at once, and takes no more memory than its limits allow. Extended headers are
 * passed over: names in an OCI archive are short. Not thread-safe.
 */
public final class TarIndex implements AutoCloseable {

    private static final int RECORD = 512;
    private static final int NAME_LENGTH = 100;
    private static final int SIZE_OFFSET = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int TYPE_OFFSET = 156;
    private static final int MAX_ENTRIES = 100_000;

    /** A file's content. */
    private record Place(long offset, long size) {}

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Place> places = new HashMap<>();

    private TarIndex(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Reads the headers of an archive.
     *
     * @param file the archive
     * @return its index; to be closed
     * @throws IOException if the file cannot be read
     * @throws FormatException if it is no tar archive
     */
    public static TarIndex open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        TarIndex index = new TarIndex(file, channel);
        boolean read = false;
        try {
            index.readHeaders();
            read = true;
            return index;
        } finally {
            if (!read) {
                channel.close();
            }
        }
    }

    private void readHeaders() throws IOException {
        byte[] header = new byte[RECORD];
        long at = 0;
        for (int count = 0; read(header, at) && header[0] != 0; count++) {
            if (count == MAX_ENTRIES) {
                throw bad("it has more than " + MAX_ENTRIES + " entries");
            }
            if (!TarUtils.verifyCheckSum(header)) {
                throw bad("it is not a tar archive, or damaged at byte " + at);
            }
            long size = size(header);
            at += RECORD;
            if (size < 0 || size > channel.size() - at) {
                throw bad("it is cut off: an entry ends beyond the file");
            }
            if (header[TYPE_OFFSET] == '0' || header[TYPE_OFFSET] == 0) {
                places.put(name(header), new Place(at, size));
            }
            at += (size + RECORD - 1) / RECORD * RECORD;
        }
        if (at == 0) {
            throw bad("it is not a tar archive");
        }
    }

    private boolean read(byte[] header, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(header);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                if (buffer.position() == 0) {
                    return false;
                }
                throw bad("it is cut off within a header");
            }
        }
        return true;
    }

    private long size(byte[] header) {
        try {
            return TarUtils.parseOctalOrBinary(header, SIZE_OFFSET, SIZE_LENGTH);
        } catch (IllegalArgumentException e) {
            throw bad("an entry has no usable size");
        }
    }

    /** With or without a leading {@code ./}, as archives differ. */
    private static String name(byte[] header) {
        int length = 0;
        while (length < NAME_LENGTH && header[length] != 0) {
            length++;
        }
        String name = new String(header, 0, length, StandardCharsets.UTF_8);
        return name.startsWith("./") ? name.substring(2) : name;
    }

    /**
     * Opens a file of the archive.
     *
     * @param name its name, without a leading {@code ./}
     * @return its content; valid until the index is closed
     * @throws FormatException if there is no such file
     */
    public InputStream open(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw bad("it lacks " + name);
        }
        return new Content(place);
    }

    private FormatException bad(String message) {
        return new FormatException(file.toString(), message, "Build it again.", null);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** A window on the channel. */
    private final class Content extends InputStream {
        private long at;
        private long left;

        Content(Place place) {
            this.at = place.offset();
            this.left = place.size();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left == 0) {
                return -1;
            }
            int n = channel.read(ByteBuffer.wrap(buffer, offset, (int) Math.min(length, left)), at);
            if (n < 0) {
                throw bad("it became shorter while it was read");
            }
            at += n;
            left -= n;
            return n;
        }
    }
}
