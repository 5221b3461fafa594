package dev.twoliter.core.internal.sources;

import dev.twoliter.oci.internal.http.Response;
import java.io.InputStream;
import java.util.Optional;

/**
 * Content on its way from a web server.
 *
 * @param response to be closed
 * @param from with which byte it begins: the one that was asked for, or 0
 * @param total how many bytes the whole has, -1 when unknown
 * @param validator names this content so that more of the same can be asked for; empty if the server gave no strong one
 */
record WebContent(Response response, long from, long total, Optional<String> validator) implements AutoCloseable {

    InputStream body() {
        return response.body();
    }

    @Override
    public void close() {
        response.close();
    }
}
