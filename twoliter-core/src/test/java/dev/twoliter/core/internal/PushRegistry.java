package dev.twoliter.core.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.twoliter.api.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A registry in memory that notes what is pushed, and can stop taking anything. */
final class PushRegistry implements AutoCloseable {

    /** What was written, in order: {@code blob sha256:HEX}, or {@code NAME} of a manifest, a tag or digest. */
    final List<String> writes = Collections.synchronizedList(new ArrayList<>());

    /** How many writes are still taken. */
    final AtomicInteger allowed = new AtomicInteger(Integer.MAX_VALUE);

    private final Map<String, byte[]> content = new ConcurrentHashMap<>();
    private final Map<String, byte[]> uploads = new ConcurrentHashMap<>();
    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    PushRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/v2/", this::serve);
        server.start();
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** What a tag or digest stands for; null when it stands for nothing. */
    byte[] get(String repository, String reference) {
        return content.get(repository + "/manifests/" + reference);
    }

    void put(String repository, String reference, byte[] manifest) {
        content.put(repository + "/manifests/" + reference, manifest);
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/v2/".length());
        byte[] body = exchange.getRequestBody().readAllBytes();
        switch (exchange.getRequestMethod()) {
            case "GET", "HEAD" -> read(exchange, path);
            case "POST" -> accept(exchange, path + number.incrementAndGet(), new byte[0]);
            case "PATCH" -> accept(exchange, path, body);
            case "PUT" -> write(exchange, path, body);
            default -> answer(exchange, 405, new byte[0]);
        }
    }

    private void read(HttpExchange exchange, String path) throws IOException {
        byte[] found = path.isEmpty() ? new byte[0] : content.get(path);
        if (found != null && path.contains("/manifests/")) {
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            new String(found, StandardCharsets.UTF_8).contains("\"manifests\"")
                                    ? "application/vnd.oci.image.index.v1+json"
                                    : "application/vnd.oci.image.manifest.v1+json");
        }
        answer(exchange, found == null ? 404 : 200, found == null ? new byte[0] : found);
    }

    private void accept(HttpExchange exchange, String path, byte[] body) throws IOException {
        uploads.merge(path, body, PushRegistry::join);
        exchange.getResponseHeaders().set("Location", "/v2/" + path);
        exchange.getResponseHeaders().set("Range", "0-" + Math.max(0, uploads.get(path).length - 1));
        answer(exchange, 202, new byte[0]);
    }

    private void write(HttpExchange exchange, String path, byte[] body) throws IOException {
        if (allowed.getAndDecrement() <= 0) {
            answer(exchange, 403, new byte[0]);
            return;
        }
        if (path.contains("/uploads/")) {
            byte[] blob = join(uploads.getOrDefault(path, new byte[0]), body);
            String repository = path.substring(0, path.indexOf("/blobs/"));
            content.put(repository + "/blobs/" + Digest.ofBytes(blob), blob);
            writes.add("blob " + Digest.ofBytes(blob));
        } else {
            String repository = path.substring(0, path.indexOf("/manifests/"));
            content.put(path, body);
            content.put(repository + "/manifests/" + Digest.ofBytes(body), body);
            writes.add(path.substring(path.lastIndexOf('/') + 1));
            exchange.getResponseHeaders()
                    .set("Docker-Content-Digest", Digest.ofBytes(body).toString());
        }
        answer(exchange, 201, new byte[0]);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", "" + body.length);
        }
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
