package dev.twoliter.oci.internal.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The content of an answer, bounded as its header says (RFC 9112, 6). Not thread-safe. */
final class MessageBody extends InputStream {

    private static final int MAX_CHUNK_LINE = 1024;
    private static final int MAX_TRAILER_LINES = 100;
    private static final long UNKNOWN = Long.MAX_VALUE;

    private final InputStream in;
    private final boolean chunked;
    private final boolean untilClose;
    /** Of the body or, if that is chunked, of the chunk. */
    private long left;

    private boolean ended;

    private MessageBody(InputStream in, long left, boolean chunked, boolean untilClose) {
        this.in = in;
        this.left = left;
        this.chunked = chunked;
        this.untilClose = untilClose;
    }

    static MessageBody fixed(InputStream in, long length) {
        return new MessageBody(in, length, false, false);
    }

    static MessageBody chunked(InputStream in) {
        return new MessageBody(in, 0, true, false);
    }

    static MessageBody untilClose(InputStream in) {
        return new MessageBody(in, UNKNOWN, false, true);
    }

    /** {@return how many bytes there will be; for content of unknown length at least one that is far too many} */
    long left() {
        return ended ? 0 : chunked ? UNKNOWN : left;
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
        if (chunked && left == 0 && !ended) {
            nextChunk();
        }
        if (ended || left == 0) {
            ended = true;
            return -1;
        }
        int n = in.read(buffer, offset, (int) Math.min(length, left));
        if (n < 0) {
            ended = true;
            if (untilClose) {
                return -1;
            }
            throw new EOFException("the connection was cut");
        }
        left -= untilClose ? 0 : n;
        if (left == 0) {
            if (chunked) {
                expectLineEnd();
            } else {
                ended = true;
            }
        }
        return n;
    }

    private void nextChunk() throws IOException {
        String line = Lines.read(in, MAX_CHUNK_LINE);
        int end = line.indexOf(';');
        String size = (end < 0 ? line : line.substring(0, end)).strip();
        if (!size.matches("[0-9a-fA-F]{1,15}")) {
            throw new ProtocolException("the answer is not in chunks as it should be");
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            for (int i = 0; !Lines.read(in, Lines.MAX).isEmpty(); i++) {
                if (i >= MAX_TRAILER_LINES) {
                    throw new ProtocolException("the answer has too many trailers");
                }
            }
            ended = true;
        }
    }

    private void expectLineEnd() throws IOException {
        if (!Lines.read(in, 2).isEmpty()) {
            throw new ProtocolException("a chunk of the answer is longer than it says");
        }
    }
}
