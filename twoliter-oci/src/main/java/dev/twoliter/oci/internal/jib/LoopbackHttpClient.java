package dev.twoliter.oci.internal.jib;

import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.Request;
import com.google.cloud.tools.jib.http.Response;
import java.io.IOException;
import java.net.URL;
import java.util.function.Consumer;

/**
 * Speaks plain http with a registry on this machine. Jib would try https first; a server that waits for the end of a
 * request line never answers that.
 */
final class LoopbackHttpClient extends FailoverHttpClient {

    private final String prefix;

    LoopbackHttpClient(String host, Consumer<LogEvent> log) {
        super(true, true, log);
        this.prefix = "https://" + host + "/";
    }

    @Override
    public Response call(String method, URL url, Request request) throws IOException {
        String text = url.toString();
        boolean registry = text.startsWith(prefix);
        return super.call(method, registry ? new URL("http" + text.substring("https".length())) : url, request);
    }
}
