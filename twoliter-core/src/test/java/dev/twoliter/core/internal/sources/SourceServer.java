package dev.twoliter.core.internal.sources;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/** A web server with files in memory. It knows ranges and entity tags, and can be told not to. */
public final class SourceServer implements AutoCloseable {

    /** Content by path. */
    public final Map<String, byte[]> files = Collections.synchronizedMap(new LinkedHashMap<>());

    /** Where a path redirects to. */
    public final Map<String, String> redirects = Collections.synchronizedMap(new LinkedHashMap<>());

    /** Every request, such as {@code GET /a from 5 if "tag"}. */
    public final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    /** The authorization of every request, or null. */
    public final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());

    public final AtomicLong sent = new AtomicLong();
    public volatile boolean ignoresRanges;
    public volatile boolean hidesLength;

    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    public SourceServer() throws IOException {
        this(HttpServer.create(address(), 50), "http");
    }

    /** One over TLS. */
    public SourceServer(SSLContext context) throws IOException {
        this(secure(context), "https");
    }

    private static HttpServer secure(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(address(), 50);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return server;
    }

    private static InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private SourceServer(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public String url(String path) {
        return scheme + "://" + host() + path;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            String condition = exchange.getRequestHeaders().getFirst("If-Range");
            authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
            long from = range == null ? 0 : Long.parseLong(range.substring("bytes=".length(), range.length() - 1));
            requests.add(exchange.getRequestMethod() + " " + path + (from > 0 ? " from " + from : "")
                    + (condition == null ? "" : " if " + condition));
            String location = redirects.get(path);
            byte[] content = files.get(path);
            if (location != null) {
                exchange.getResponseHeaders().add("Location", location);
                exchange.sendResponseHeaders(302, -1);
                return;
            }
            if (content == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            String tag = "\"" + Arrays.hashCode(content) + "\"";
            if (!hidesLength) {
                exchange.getResponseHeaders().add("ETag", tag);
            }
            boolean part = from > 0 && !ignoresRanges && (condition == null || condition.equals(tag));
            if (part && from >= content.length) {
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            int first = part ? (int) from : 0;
            if (part) {
                exchange.getResponseHeaders()
                        .add("Content-Range", "bytes " + first + "-" + (content.length - 1) + "/" + content.length);
            }
            int length = content.length - first;
            exchange.sendResponseHeaders(part ? 206 : 200, hidesLength ? 0 : length == 0 ? -1 : length);
            exchange.getResponseBody().write(content, first, length);
            sent.addAndGet(length);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
