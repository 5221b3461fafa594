package dev.twoliter.oci.internal.http;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A request.
 *
 * @param method such as GET
 * @param uri absolute, http or https
 * @param headers fields beyond Host, Connection and Content-Length
 * @param body what it carries, or null
 */
public record Request(
        String method, URI uri, Headers headers, @Nullable RequestBody body) {

    boolean isTls() {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** {@return the path and query, as they are sent} */
    String target() {
        String path = uri.getRawPath();
        String query = uri.getRawQuery();
        return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    }

    String hostAndPort() {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }
}
