package dev.twoliter.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Stands between a client and a registry, counts what passes and breaks what it is told to break. */
public final class FaultProxy implements AutoCloseable {

    /** What to do with a request. */
    public sealed interface Fault {}

    /** Passes the request and its answer on. */
    public record Pass() implements Fault {}

    /** Answers itself, when it has read the request's body. */
    public record Answer(int status, String... headers) implements Fault {}

    /** Cuts both connections after some bytes of the request's body; negative: before anything is passed on. */
    public record CutRequest(long after) implements Fault {}

    /** Cuts the client's connection after some bytes of the answer's body; negative: before the answer's head. */
    public record CutResponse(long after) implements Fault {}

    /** Stops reading the request's body after some bytes, and keeps the connection. */
    public record StallRequest(long after) implements Fault {}

    /** Sends a byte of the answer (head and body) at a time, with a pause after each. */
    public record Trickle(long pauseMillis) implements Fault {}

    /** Stops sending after some bytes of the answer's body, and keeps the connection. */
    public record StallResponse(long after) implements Fault {}

    /** Turns a bit of a byte of the answer's body. */
    public record CorruptResponse(long at) implements Fault {}

    /** Turns a bit of a byte of the request's body. */
    public record CorruptRequest(long at) implements Fault {}

    /** Leaves out the end of the answer's body, and says so in its head. */
    public record Truncate(long left) implements Fault {}

    /** A request as the proxy sees it. */
    public record Seen(String method, String target, String head, long length) {
        public boolean isBlobRead() {
            return method.equals("GET") && target.contains("/blobs/sha256:");
        }

        public boolean isBlobWrite() {
            return (method.equals("PUT") || method.equals("PATCH")) && target.contains("/blobs/uploads/");
        }
    }

    private static final Pass PASS = new Pass();

    /** Every request, such as {@code GET /v2/}. */
    public final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    /** Bytes of the bodies of blob uploads that came in. */
    public final AtomicLong uploaded = new AtomicLong();

    /** Bytes of the bodies of blobs that went out. */
    public final AtomicLong downloaded = new AtomicLong();

    public volatile Function<Seen, Fault> faults = seen -> PASS;

    private final ServerSocket server;
    private final int upstream;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private FaultProxy(ServerSocket server, int upstream) {
        this.server = server;
        this.upstream = upstream;
    }

    /** Starts a proxy before a server on a port of this machine. */
    public static FaultProxy before(String upstream) throws IOException {
        int port = Integer.parseInt(upstream.substring(upstream.lastIndexOf(':') + 1));
        FaultProxy proxy = new FaultProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
        daemon(proxy::accept);
        return proxy;
    }

    public String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** Forgets what was counted. */
    public void reset() {
        requests.clear();
        uploaded.set(0);
        downloaded.set(0);
        faults = seen -> PASS;
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "fault-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                daemon(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            while (exchange(client, in)) {
                // The next request of the same connection.
            }
        } catch (IOException | InterruptedException e) {
            // Cut, by us or by one of them.
        } finally {
            open.remove(client);
        }
    }

    private boolean exchange(Socket client, InputStream in) throws IOException, InterruptedException {
        String head = head(in);
        if (head.isEmpty()) {
            return false;
        }
        String[] line = head.substring(0, head.indexOf("\r\n")).split(" ");
        Seen seen = new Seen(line[0], line[1], head, length(head));
        requests.add(seen.method() + " " + seen.target());
        Fault fault = faults.apply(seen);
        if (fault instanceof Answer answer) {
            in.skipNBytes(seen.length());
            StringBuilder text = new StringBuilder("HTTP/1.1 " + answer.status() + " Fault\r\nContent-Length: 0\r\n");
            for (String header : answer.headers()) {
                text.append(header).append("\r\n");
            }
            client.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return true;
        }
        if (fault instanceof CutRequest cut && cut.after() < 0) {
            return false;
        }
        try (Socket registry = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
            open.add(registry);
            String passed = head.substring(0, head.length() - 2) + "Connection: close\r\n\r\n";
            registry.getOutputStream().write(passed.getBytes(StandardCharsets.ISO_8859_1));
            return request(seen, fault, in, registry) && response(seen, fault, registry, client.getOutputStream());
        }
    }

    private boolean request(Seen seen, Fault fault, InputStream in, Socket registry)
            throws IOException, InterruptedException {
        long limit = seen.length();
        if (fault instanceof CutRequest cut) {
            limit = cut.after();
        } else if (fault instanceof StallRequest stall) {
            limit = stall.after();
        }
        long done = 0;
        byte[] buffer = new byte[1 << 14];
        while (done < limit) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, limit - done));
            if (n < 0) {
                return false;
            }
            if (fault instanceof CorruptRequest corrupt && corrupt.at() >= done && corrupt.at() < done + n) {
                buffer[(int) (corrupt.at() - done)] ^= 1;
            }
            if (seen.isBlobWrite()) {
                uploaded.addAndGet(n);
            }
            registry.getOutputStream().write(buffer, 0, n);
            done += n;
        }
        if (fault instanceof StallRequest) {
            Thread.sleep(60_000);
        }
        return !(fault instanceof CutRequest);
    }

    private boolean response(Seen seen, Fault fault, Socket registry, OutputStream client)
            throws IOException, InterruptedException {
        InputStream in = new BufferedInputStream(registry.getInputStream());
        String head = head(in);
        if (head.isEmpty() || fault instanceof CutResponse cut && cut.after() < 0) {
            return false;
        }
        long length = seen.method().equals("HEAD") || head.startsWith("HTTP/1.1 204") ? 0 : length(head);
        boolean known = length > 0
                || head.toLowerCase(java.util.Locale.ROOT).contains("content-length:")
                || head.contains(" 204 ");
        String passed = head.replaceFirst("(?i)\r\nConnection: close", "");
        if (fault instanceof Truncate truncate) {
            length = truncate.left();
            passed = passed.replaceFirst("(?i)content-length: [0-9]+", "Content-Length: " + length);
        }
        OutputStream out = client;
        if (fault instanceof Trickle trickle) {
            out = trickling(client, trickle.pauseMillis());
        }
        out.write(passed.getBytes(StandardCharsets.ISO_8859_1));
        long limit = known ? length : Long.MAX_VALUE;
        if (fault instanceof CutResponse cut) {
            limit = Math.min(limit, cut.after());
        } else if (fault instanceof StallResponse stall) {
            limit = stall.after();
        }
        byte[] buffer = new byte[1 << 14];
        long done = 0;
        while (done < limit) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, limit - done));
            if (n < 0) {
                return false;
            }
            if (fault instanceof CorruptResponse corrupt && corrupt.at() >= done && corrupt.at() < done + n) {
                buffer[(int) (corrupt.at() - done)] ^= 1;
            }
            if (seen.isBlobRead()) {
                downloaded.addAndGet(n);
            }
            out.write(buffer, 0, n);
            done += n;
        }
        if (fault instanceof StallResponse) {
            Thread.sleep(60_000);
        }
        return known && !(fault instanceof CutResponse);
    }

    private static OutputStream trickling(OutputStream to, long pauseMillis) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                to.write(b);
                try {
                    Thread.sleep(pauseMillis);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        for (int c = in.read(); c >= 0; c = in.read()) {
            head.write(c);
            last = c == '\r' || c == '\n' ? last + 1 : 0;
            if (last == 4) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    private static long length(String head) {
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                return Long.parseLong(line.substring("content-length:".length()).strip());
            }
        }
        return 0;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
