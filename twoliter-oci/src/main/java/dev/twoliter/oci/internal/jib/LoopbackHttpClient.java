package dev.twoliter.oci.internal.jib;

import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.Request;
import com.google.cloud.tools.jib.http.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URL;
import java.util.function.Consumer;

/**
 * Speaks plain http with a registry on this machine. Jib would try https first; a server that waits for the end of a
 * request line never answers that.
 */
final class LoopbackHttpClient extends FailoverHttpClient {

    private static final int CONNECT_MILLIS = 5_000;

    private final String prefix;
    private volatile boolean reached;

    LoopbackHttpClient(String host, Consumer<LogEvent> log) {
        super(true, true, log);
        this.prefix = "https://" + host + "/";
    }

    @Override
    public Response call(String method, URL url, Request request) throws IOException {
        String text = url.toString();
        if (!text.startsWith(prefix)) {
            return super.call(method, url, request);
        }
        URL plain = new URL("http" + text.substring("https".length()));
        if (!reached) {
            reach(plain);
            reached = true;
        }
        return super.call(method, plain, request);
    }

    /** Fails at once when nothing listens, where Jib would try for a minute. */
    private static void reach(URL url) throws IOException {
        int port = url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(url.getHost(), port), CONNECT_MILLIS);
        }
    }
}
