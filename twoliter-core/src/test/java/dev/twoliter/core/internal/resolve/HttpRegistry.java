package dev.twoliter.core.internal.resolve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Serves a tree of OCI layouts over http, counts what it is asked, and misbehaves on request: it can be slow, cut a
 * download short, or ignore ranges.
 */
public final class HttpRegistry implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    public final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    public final AtomicInteger atOnce = new AtomicInteger();
    public final AtomicInteger mostAtOnce = new AtomicInteger();

    /** How many bytes of blobs it may still send before it hangs up. */
    public final AtomicLong bytesLeft = new AtomicLong(Long.MAX_VALUE);

    /** How many bytes of blobs it has sent. */
    public final AtomicLong bytesSent = new AtomicLong();

    /** After how many bytes of one blob it hangs up, once. */
    public final AtomicLong cutOnceAfter = new AtomicLong(Long.MAX_VALUE);

    public volatile boolean ignoresRanges;
    public volatile long delayMillis;

    private final Path tree;
    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    public HttpRegistry(Path tree) throws IOException {
        this.tree = tree;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    public String host() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                threads.execute(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
            String request = in.readLine();
            if (request == null) {
                return;
            }
            long from = 0;
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                if (line.toLowerCase(java.util.Locale.ROOT).startsWith("range: bytes=") && !ignoresRanges) {
                    from = Long.parseLong(line.substring("range: bytes=".length(), line.length() - 1));
                }
            }
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            try {
                Thread.sleep(delayMillis);
            } finally {
                // Before the answer: the client may ask again as soon as it has it.
                atOnce.decrementAndGet();
            }
            String[] words = request.split(" ");
            requests.add(words[0] + " " + words[1] + (from > 0 ? " from " + from : ""));
            answer(connection.getOutputStream(), words[0], words[1].substring("/v2/".length()), from);
        } catch (IOException | InterruptedException | UncheckedIOException e) {
            // The client has gone, as in tests of interruption.
            return;
        }
    }

    private void answer(OutputStream out, String method, String path, long from) throws IOException {
        int kind = Math.max(
                path.lastIndexOf("/manifests/"), Math.max(path.lastIndexOf("/blobs/"), path.lastIndexOf("/tags/")));
        Path layout = tree.resolve(path.substring(0, Math.max(kind, 0)));
        String what = path.substring(path.lastIndexOf('/') + 1);
        if (path.endsWith("/tags/list")) {
            TreeSet<String> tags = new TreeSet<>();
            index(layout).forEach(entry -> tags.add(tag(entry)));
            send(out, method, 200, "application/json", JSON.writeValueAsBytes(java.util.Map.of("tags", tags)), 0);
            return;
        }
        String digest = what;
        if (!what.startsWith("sha256:")) {
            digest = "";
            for (JsonNode entry : index(layout)) {
                digest = tag(entry).equals(what) ? entry.path("digest").asText() : digest;
            }
        }
        Path blob = layout.resolve("blobs").resolve(digest.replace(':', '/'));
        if (digest.isEmpty() || !Files.isRegularFile(blob)) {
            send(out, method, 404, "application/json", new byte[0], 0);
            return;
        }
        byte[] content = Files.readAllBytes(blob);
        boolean manifest = path.contains("/manifests/");
        String type = !manifest
                ? "application/octet-stream"
                : JSON.readTree(content).has("manifests")
                        ? "application/vnd.oci.image.index.v1+json"
                        : "application/vnd.oci.image.manifest.v1+json";
        send(out, method, from > 0 ? 206 : 200, type, content, from);
    }

    private static String tag(JsonNode entry) {
        return entry.path("annotations")
                .path("org.opencontainers.image.ref.name")
                .asText();
    }

    private static JsonNode index(Path layout) throws IOException {
        Path file = layout.resolve("index.json");
        return Files.isRegularFile(file)
                ? JSON.readTree(Files.readAllBytes(file)).path("manifests")
                : JSON.createArrayNode();
    }

    private void send(OutputStream out, String method, int status, String type, byte[] content, long from)
            throws IOException {
        String head = "HTTP/1.1 " + status + " X\r\nConnection: close\r\nContent-Type: " + type + "\r\nContent-Length: "
                + (content.length - from)
                + (status == 206
                        ? "\r\nContent-Range: bytes " + from + "-" + (content.length - 1) + "/" + content.length
                        : "")
                + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        if (!method.equals("HEAD")) {
            boolean blob = type.equals("application/octet-stream");
            int length = content.length - (int) from;
            int allowed = blob ? (int) Math.max(0, Math.min(length, bytesLeft.getAndAdd(-length))) : length;
            if (blob && length > cutOnceAfter.get()) {
                allowed = (int) cutOnceAfter.getAndSet(Long.MAX_VALUE);
            }
            out.write(Arrays.copyOfRange(content, (int) from, (int) from + allowed));
            bytesSent.addAndGet(blob ? allowed : 0);
        }
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }
}
