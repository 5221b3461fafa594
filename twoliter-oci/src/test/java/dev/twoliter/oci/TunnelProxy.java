package dev.twoliter.oci;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/** An http proxy that wants a user and a password, and takes every name for this machine. */
final class TunnelProxy implements AutoCloseable {

    final List<String> heads = Collections.synchronizedList(new ArrayList<>());

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final String authorization;
    private final int upstream;

    TunnelProxy(String user, int upstream) throws IOException {
        this.authorization = "Proxy-Authorization: Basic "
                + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        this.upstream = upstream;
        start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket client = server.accept();
                    start(() -> serve(client));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "tunnel");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket client) {
        try (client;
                Socket registry = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
            StringBuilder head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                int c = client.getInputStream().read();
                if (c < 0) {
                    return;
                }
                head.append((char) c);
            }
            heads.add(head.toString());
            if (!head.toString().contains(authorization)) {
                say(
                        client,
                        "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                                + "Content-Length: 0\r\n\r\n");
                return;
            }
            if (head.toString().startsWith("CONNECT ")) {
                say(client, "HTTP/1.1 200 Go on\r\n\r\n");
            } else {
                String passed = head.toString().replaceFirst(" http://[^/]*", " ");
                say(registry, passed.substring(0, passed.length() - 2) + "Connection: close\r\n\r\n");
            }
            start(() -> pump(client, registry));
            pump(registry, client);
        } catch (IOException e) {
            // The test is over, or sees what is missing.
        }
    }

    private static void say(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void pump(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            to.shutdownOutput();
        } catch (IOException e) {
            // One of them is gone.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
