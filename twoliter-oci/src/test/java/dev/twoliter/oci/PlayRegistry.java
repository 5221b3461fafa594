package dev.twoliter.oci;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A registry in memory that can what docker-registry 2.8 cannot: go on with an upload that was cut. With tokens, each is
 * good for a few requests only.
 */
final class PlayRegistry implements AutoCloseable {

    /** Blobs and manifests by repository and digest or tag, such as {@code team/x sha256:...}. */
    public final Map<String, byte[]> content = new ConcurrentHashMap<>();

    /** How many tokens were given. */
    public final AtomicInteger tokens = new AtomicInteger();

    /** For how many requests a token is good; 0: none is wanted. */
    public volatile int requestsForToken;

    /** Whether it always sends the whole. */
    public volatile boolean ignoresRanges;

    private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> left = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "play-registry");
        thread.setDaemon(true);
        return thread;
    });

    public PlayRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/", this::answer);
        server.createContext("/token", this::token);
        server.setExecutor(executor);
        server.start();
    }

    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void token(HttpExchange exchange) throws IOException {
        try (exchange) {
            String token = "token-" + tokens.incrementAndGet();
            left.put("Bearer " + token, new AtomicInteger(requestsForToken));
            send(
                    exchange,
                    200,
                    ("{\"access_token\":\"" + token + "\",\"expires_in\":300}").getBytes(StandardCharsets.UTF_8));
        }
    }

    private boolean isAllowed(HttpExchange exchange) {
        if (requestsForToken == 0) {
            return true;
        }
        String shown = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        AtomicInteger count = left.get(shown);
        return count != null && count.getAndDecrement() > 0;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!isAllowed(exchange)) {
                // Closing with bytes unread resets the connection, and the answer may be lost with it.
                exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
                exchange.getResponseHeaders()
                        .set("WWW-Authenticate", "Bearer realm=\"http://" + host() + "/token\",service=\"play\"");
                send(exchange, 401, new byte[0]);
                return;
            }
            String path = exchange.getRequestURI().getPath();
            String method = exchange.getRequestMethod();
            int slash = path.lastIndexOf('/');
            String last = path.substring(slash + 1);
            String repository = path.substring("/v2/".length()).replaceFirst("/(blobs|manifests|tags)/.*", "");
            if (path.contains("/blobs/uploads/")) {
                upload(exchange, method, repository, last);
            } else if (method.equals("PUT")) {
                byte[] manifest = exchange.getRequestBody().readAllBytes();
                content.put(repository + " " + last, manifest);
                content.put(repository + " " + digest(manifest), manifest);
                send(exchange, 201, new byte[0]);
            } else {
                exchange.getResponseHeaders().set("Content-Type", "application/vnd.oci.image.index.v1+json");
                byte[] found = content.get(repository + " " + last);
                if (found == null) {
                    send(exchange, 404, new byte[0]);
                } else {
                    part(exchange, found);
                }
            }
        }
    }

    private void part(HttpExchange exchange, byte[] all) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null || ignoresRanges) {
            send(exchange, 200, all);
            return;
        }
        int from = Integer.parseInt(range.replaceFirst("bytes=([0-9]+)-", "$1"));
        if (from >= all.length) {
            send(exchange, 416, new byte[0]);
            return;
        }
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (all.length - 1) + "/" + all.length);
        send(exchange, 206, Arrays.copyOfRange(all, from, all.length));
    }

    private void upload(HttpExchange exchange, String method, String repository, String id) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getRawQuery());
        if (method.equals("POST")) {
            String begun = "u" + ids.incrementAndGet();
            uploads.put(begun, new ByteArrayOutputStream());
            exchange.getResponseHeaders().set("Location", "/v2/" + repository + "/blobs/uploads/" + begun);
            send(exchange, 202, new byte[0]);
            return;
        }
        ByteArrayOutputStream got = uploads.get(id);
        if (got == null) {
            send(exchange, 404, new byte[0]);
        } else if (method.equals("GET")) {
            exchange.getResponseHeaders().set("Range", "0-" + Math.max(0, got.size() - 1));
            exchange.getResponseHeaders().set("Location", "/v2/" + repository + "/blobs/uploads/" + id);
            exchange.sendResponseHeaders(204, -1);
        } else if (method.equals("DELETE")) {
            uploads.remove(id);
            exchange.sendResponseHeaders(204, -1);
        } else {
            String range = exchange.getRequestHeaders().getFirst("Content-Range");
            if (range != null && !range.startsWith(got.size() + "-")) {
                send(exchange, 416, new byte[0]);
                return;
            }
            receive(exchange.getRequestBody(), got);
            String wanted = URLDecoder.decode(query.replaceFirst(".*digest=", ""), StandardCharsets.UTF_8);
            if (!wanted.equals(digest(got.toByteArray()))) {
                send(
                        exchange,
                        400,
                        "{\"errors\":[{\"code\":\"DIGEST_INVALID\",\"message\":\"no\"}]}"
                                .getBytes(StandardCharsets.UTF_8));
                return;
            }
            uploads.remove(id);
            content.put(repository + " " + wanted, got.toByteArray());
            send(exchange, 201, new byte[0]);
        }
    }

    /** What has come before a connection is cut is kept. */
    private static void receive(InputStream in, ByteArrayOutputStream to) throws IOException {
        byte[] buffer = new byte[4096];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            to.write(buffer, 0, n);
        }
    }

    /** How many uploads were begun and not ended. */
    public int unfinishedUploads() {
        return uploads.size();
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    private static String digest(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
