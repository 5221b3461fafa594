package dev.twoliter.oci.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** An answer; closing it gives its connection back, or ends it when too much of the body is unread. */
public final class Response implements AutoCloseable {

    /** Less is read to the end sooner than a new connection is made. */
    private static final int WORTH_READING = 1 << 16;

    private final int status;
    private final Headers headers;
    private final InputStream body;
    private final Connection connection;
    private boolean closed;

    Response(int status, Headers headers, InputStream body, Connection connection) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.connection = connection;
    }

    public int status() {
        return status;
    }

    public Headers headers() {
        return headers;
    }

    /** {@return the content; an end before the announced one is an EOFException} */
    public InputStream body() {
        return body;
    }

    /**
     * Reads a small body.
     *
     * @param limit how many bytes it may have
     * @throws ProtocolException if it has more
     */
    public byte[] small(int limit) throws IOException {
        byte[] bytes = body.readNBytes(limit + 1);
        if (bytes.length > limit) {
            throw new ProtocolException("the answer is larger than " + limit + " bytes");
        }
        return bytes;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            long left = body instanceof MessageBody message ? message.left() : 0;
            if (left <= WORTH_READING) {
                body.transferTo(OutputStream.nullOutputStream());
                connection.release();
                return;
            }
        } catch (IOException e) {
            // What was wanted of it has been read; the connection is no longer good.
        }
        connection.close();
    }
}
