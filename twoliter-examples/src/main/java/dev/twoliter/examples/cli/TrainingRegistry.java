package dev.twoliter.examples.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A registry on this machine that takes what it is given, for {@link Training}. */
final class TrainingRegistry implements AutoCloseable {

    private record Content(String type, byte[] bytes) {}

    private final HttpServer server;
    private final Map<String, Content> stored = new ConcurrentHashMap<>();

    TrainingRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** {@return where it is, as references begin} */
    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            switch (exchange.getRequestMethod()) {
                case "POST" -> {
                    exchange.getResponseHeaders().set("Location", path + "upload");
                    exchange.sendResponseHeaders(202, -1);
                }
                case "PUT" -> {
                    String digest =
                            String.valueOf(exchange.getRequestURI().getQuery()).replaceFirst("^.*digest=", "");
                    String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
                    stored.put(path.replaceFirst("uploads/upload$", digest), new Content(type, body));
                    exchange.sendResponseHeaders(201, -1);
                }
                default -> send(exchange, stored.get(path));
            }
        }
    }

    private static void send(HttpExchange exchange, @Nullable Content content) throws IOException {
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", content.type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(200, head ? -1 : content.bytes.length);
        if (!head) {
            exchange.getResponseBody().write(content.bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
