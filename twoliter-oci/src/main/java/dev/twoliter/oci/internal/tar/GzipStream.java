package dev.twoliter.oci.internal.tar;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Undoes gzip (RFC 1952), also in several members. The JDK's class stops without a word at whatever follows a member and
 * is no other, and takes a stream that pauses for one that has ended; here both members and their checksums must be right
 * up to the end of the source. Names and comments are passed over and limited. Not thread-safe.
 */
public final class GzipStream extends InputStream {

    private static final int BUFFER = 1 << 16;
    private static final int MAX_TEXT = 1 << 16;
    private static final int DEFLATE = 8;
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final PushbackInputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[BUFFER];
    private int filled;
    private boolean ended;

    /**
     * Wraps a stream that begins with a member.
     *
     * @param in the stream
     * @throws IOException if it does not, or cannot be read
     */
    public GzipStream(InputStream in) throws IOException {
        this.in = new PushbackInputStream(in, BUFFER);
        header(this.in.read());
    }

    private void header(int first) throws IOException {
        if (first != 0x1f || byteOf() != 0x8b || byteOf() != DEFLATE) {
            throw new ZipException("what should be gzip is not, or something follows it");
        }
        int flags = byteOf();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("its gzip header has unknown flags");
        }
        // time, level, system
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(byteOf() | byteOf() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            skip(2);
        }
        crc.reset();
    }

    private void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) {
            byteOf();
        }
    }

    private void skipText() throws IOException {
        for (int i = 0; byteOf() != 0; i++) {
            if (i == MAX_TEXT) {
                throw new ZipException("its gzip header is too long");
            }
        }
    }

    private int byteOf() throws IOException {
        int b = in.read();
        if (b < 0) {
            throw cutOff();
        }
        return b;
    }

    private static EOFException cutOff() {
        return new EOFException("its gzip stream is cut off");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            while (!ended) {
                int n = inflater.inflate(bytes, offset, length);
                if (n > 0) {
                    crc.update(bytes, offset, n);
                    return n;
                }
                if (inflater.finished()) {
                    endMember();
                } else if (inflater.needsDictionary()) {
                    throw new ZipException("its gzip stream needs a dictionary");
                } else {
                    fill();
                }
            }
            return -1;
        } catch (DataFormatException e) {
            throw new ZipException("its gzip stream is damaged: " + e.getMessage());
        }
    }

    private void fill() throws IOException {
        filled = in.read(buffer, 0, buffer.length);
        if (filled < 0) {
            throw cutOff();
        }
        inflater.setInput(buffer, 0, filled);
    }

    private void endMember() throws IOException {
        in.unread(buffer, filled - inflater.getRemaining(), inflater.getRemaining());
        if (number() != crc.getValue() || number() != (inflater.getBytesWritten() & 0xffff_ffffL)) {
            throw new ZipException("the checksum of its gzip stream is wrong");
        }
        int next = in.read();
        if (next < 0) {
            ended = true;
        } else {
            header(next);
            inflater.reset();
        }
    }

    private long number() throws IOException {
        return byteOf() | byteOf() << 8 | byteOf() << 16 | (long) byteOf() << 24;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
