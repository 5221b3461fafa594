package dev.twoliter.oci.internal.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One connection: requests one after the other. Used by one thread at a time; {@link #close} by any. It is a channel,
 * because an interrupt closes that.
 */
final class Connection {

    private static final int BUFFER = 16 << 10;
    private static final int MAX_HEADERS = 200;
    private static final int MAX_INTERIM_ANSWERS = 16;
    private static final int EARLY_ANSWER_EVERY = 1 << 20;

    /** A registry that has got a large body may check all of it before it says anything. */
    private static final int PATIENCE_AFTER_BODY = 5;

    private final Address address;
    private final SocketChannel channel;
    private final Socket socket;
    private final PatientInput patient;
    private final InputStream in;
    private final OutputStream out;
    private final boolean tls;
    private final Duration patience;
    private final Consumer<Connection> pool;

    private volatile long writingSince;
    private boolean used;
    private boolean reusable;
    private long idleSince;

    /**
     * Wraps what has been opened.
     *
     * @param address the server that requests are for
     * @param channel the connection
     * @param socket the same, or TLS on top of it
     * @param patience how long next to nothing may come
     * @param pool takes the connection when an answer has been read
     */
    Connection(Address address, SocketChannel channel, Socket socket, Duration patience, Consumer<Connection> pool)
            throws IOException {
        this.address = address;
        this.channel = channel;
        this.socket = socket;
        this.patience = patience;
        this.pool = pool;
        this.tls = channel.socket() != socket;
        this.patient = new PatientInput(socket.getInputStream());
        this.in = new BufferedInputStream(patient, BUFFER);
        this.out = new WatchedOutput(socket.getOutputStream());
    }

    Address address() {
        return address;
    }

    /** {@return whether it has carried an answer before: then the server may have given it up meanwhile} */
    boolean isUsed() {
        return used;
    }

    /** {@return whether the other side has neither closed it nor sent anything unasked} */
    boolean isFresh(long maxIdleNanos) {
        if (System.nanoTime() - idleSince > maxIdleNanos) {
            return false;
        }
        try {
            channel.configureBlocking(false);
            try {
                // TLS 1.3 sends session tickets at any time: bytes are fine there, but they must not be taken away.
                return tls ? channel.isOpen() : channel.read(ByteBuffer.allocate(1)) == 0;
            } finally {
                channel.configureBlocking(true);
            }
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Sends a request and reads the head of its answer.
     *
     * @param request the request
     * @param target its target, in the form that the receiver wants
     * @param more fields for the receiver only
     */
    Response exchange(Request request, String target, Headers more) throws IOException {
        socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
        byte[] head = head(request, target, more);
        boolean complete = true;
        try {
            out.write(head);
            if (request.body() != null) {
                complete = send(request.body());
            }
        } catch (IOException e) {
            // A server that refuses a body says why and closes; what it said may have arrived.
            if (request.body() == null || !channel.isOpen()) {
                throw e;
            }
            try {
                return answer(request, false, Duration.ofSeconds(1));
            } catch (IOException nothing) {
                e.addSuppressed(nothing);
                throw e;
            }
        }
        return answer(
                request, complete, request.body() == null ? patience : patience.multipliedBy(PATIENCE_AFTER_BODY));
    }

    private static byte[] head(Request request, String target, Headers more) {
        StringBuilder head = new StringBuilder(512);
        head.append(request.method()).append(' ').append(target).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(request.hostAndPort()).append("\r\n");
        more.writeTo(head);
        request.headers().writeTo(head);
        RequestBody body = request.body();
        if (body != null) {
            head.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Sends the body; false if the server answered before it had all of it. */
    private boolean send(RequestBody body) throws IOException {
        try {
            body.writeTo(new OutputStream() {
                private long unchecked;

                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    unchecked += length;
                    if (!tls && unchecked > EARLY_ANSWER_EVERY) {
                        unchecked = 0;
                        if (patient.available() > 0) {
                            throw new EarlyAnswer();
                        }
                    }
                    out.write(bytes, offset, length);
                }
            });
            return true;
        } catch (EarlyAnswer e) {
            return false;
        }
    }

    private static final class EarlyAnswer extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private Response answer(Request request, boolean complete, Duration limit) throws IOException {
        patient.patience(limit);
        socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
        for (int i = 0; i < MAX_INTERIM_ANSWERS; i++) {
            String statusLine = statusLine();
            int status = status(statusLine);
            Headers headers = headers();
            if (status >= 200) {
                patient.patience(patience);
                socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
                used = true;
                reusable = complete && statusLine.startsWith("HTTP/1.1") && !headers.has("Connection", "close");
                return new Response(status, headers, body(request.method(), status, headers), this);
            }
        }
        throw new ProtocolException("the answer does not come to an end");
    }

    private String statusLine() throws IOException {
        int first = in.read();
        if (first < 0) {
            throw new EOFException("the connection was closed without an answer");
        }
        if (first != 'H') {
            throw new ProtocolException("the answer is not HTTP");
        }
        return "H" + Lines.read(in, Lines.MAX);
    }

    private static int status(String line) throws ProtocolException {
        if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
            throw new ProtocolException("the answer is not HTTP/1.1");
        }
        return Integer.parseInt(line, 9, 12, 10);
    }

    private Headers headers() throws IOException {
        Headers headers = new Headers();
        for (String line = Lines.read(in, Lines.MAX); !line.isEmpty(); line = Lines.read(in, Lines.MAX)) {
            int colon = line.indexOf(':');
            if (colon <= 0 || headers.size() >= MAX_HEADERS) {
                throw new ProtocolException("the answer has a malformed head");
            }
            try {
                headers.add(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            } catch (IllegalArgumentException e) {
                throw new ProtocolException("the answer has a malformed head");
            }
        }
        return headers;
    }

    private InputStream body(String method, int status, Headers headers) throws ProtocolException {
        if (method.equals("HEAD")
                || (method.equals("CONNECT") && status / 100 == 2)
                || status == 204
                || status == 304) {
            return InputStream.nullInputStream();
        }
        if (headers.first("Transfer-Encoding").isPresent()) {
            if (!headers.has("Transfer-Encoding", "chunked")) {
                throw new ProtocolException("the answer has an encoding that was not asked for");
            }
            return MessageBody.chunked(in);
        }
        String length = headers.first("Content-Length").orElse("");
        if (length.isEmpty()) {
            reusable = false;
            return MessageBody.untilClose(in);
        }
        if (!length.matches("[0-9]{1,18}") || headers.all("Content-Length").size() > 1) {
            throw new ProtocolException("the answer has no proper length");
        }
        return MessageBody.fixed(in, Long.parseLong(length));
    }

    /** Goes back to the pool, if it can carry another request. */
    void release() {
        if (reusable) {
            reusable = false;
            idleSince = System.nanoTime();
            pool.accept(this);
        } else {
            close();
        }
    }

    /** Ends it, also while another thread waits in it. */
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no use any more, closed or not.
        }
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Ends it if a write has lasted too long: writes have no timeout of their own. */
    void endStalledWrite(long now) {
        long since = writingSince;
        if (since != 0 && now - since > patience.toNanos()) {
            close();
        }
    }

    private final class WatchedOutput extends OutputStream {
        private final OutputStream to;

        WatchedOutput(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            writingSince = System.nanoTime() | 1;
            try {
                to.write(bytes, offset, length);
            } finally {
                writingSince = 0;
            }
        }
    }
}
