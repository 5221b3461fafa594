package dev.twoliter.oci.internal.registry;

import dev.twoliter.oci.internal.http.Headers;
import dev.twoliter.oci.internal.http.Loopback;
import dev.twoliter.oci.internal.http.ProtocolException;
import dev.twoliter.oci.internal.http.ProxyRefusalException;
import dev.twoliter.oci.internal.http.Request;
import dev.twoliter.oci.internal.http.RequestBody;
import dev.twoliter.oci.internal.http.Response;
import dev.twoliter.oci.internal.http.Transport;
import dev.twoliter.oci.internal.http.UnreachableException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A registry, or a mirror of one. With this machine we speak plain http, and https if that turns out to be what it
 * speaks; with others https, and plain http only if that is allowed and they do not speak TLS at all. A certificate that
 * is not trusted is a failure, never a reason for plain http. Thread-safe.
 */
final class Server {

    private static final int FIRST_LOOK = 4096;

    /** What Go, nginx and Apache say, with status 400, to plain http on a port for TLS. */
    private static final Pattern WANTS_TLS = Pattern.compile("HTTPS|SSL");

    /** What the JDK says of an answer to a TLS greeting that is none. */
    private static final String NOT_TLS = "Unsupported or unrecognized SSL message";

    private final RegistryName name;
    private final Transport transport;
    private final boolean allowHttp;
    private final boolean mayBePlain;
    private volatile boolean tls;
    private volatile boolean reached;
    private volatile @Nullable String distrust;

    Server(RegistryName name, Transport transport, boolean allowHttp) {
        this.name = name;
        this.transport = transport;
        this.allowHttp = allowHttp;
        boolean loopback = Loopback.is(name.bareHost());
        this.mayBePlain = loopback || allowHttp;
        this.tls = !loopback;
    }

    String host() {
        return name.host();
    }

    RegistryName name() {
        return name;
    }

    /** {@return whether it has ever answered} */
    boolean wasReached() {
        return reached;
    }

    /** {@return why it is not to be asked any more, or null} */
    @Nullable
    String distrust() {
        return distrust;
    }

    void distrust(String because) {
        distrust = because;
    }

    /**
     * Sends a request.
     *
     * @param target path and query
     */
    Response send(String method, String target, Headers headers, @Nullable RequestBody body) throws IOException {
        boolean first = !reached && mayBePlain;
        try {
            Response response = transport.send(request(method, target, headers, body));
            if (!first || tls || response.status() != 400) {
                reached = true;
                return response;
            }
            if (!wantsTls()) {
                reached = true;
                return response;
            }
            response.close();
        } catch (ProtocolException e) {
            if (!first || tls) {
                throw e;
            }
        } catch (SSLException e) {
            if (!first || !tls || !String.valueOf(e.getMessage()).contains(NOT_TLS)) {
                throw e;
            }
        } catch (ProxyRefusalException e) {
            if (!first || !tls || e.status() == 407) {
                throw e;
            }
        } catch (UnreachableException e) {
            if (!first || !tls || name.host().matches(".*:[0-9]+")) {
                throw e;
            }
        }
        tls = !tls;
        Response response = transport.send(request(method, target, headers, body));
        reached = true;
        return response;
    }

    private boolean wantsTls() throws IOException {
        try (Response response = transport.send(request("GET", "/v2/", new Headers(), null))) {
            byte[] said = response.status() == 400 ? response.body().readNBytes(FIRST_LOOK) : new byte[0];
            return WANTS_TLS
                    .matcher(new String(said, StandardCharsets.ISO_8859_1))
                    .find();
        }
    }

    private Request request(String method, String target, Headers headers, @Nullable RequestBody body) {
        return new Request(method, URI.create(base() + target), headers, body);
    }

    private String base() {
        return (tls ? "https://" : "http://") + name.api();
    }

    /** {@return an address of this server; what it answers may refer to it} */
    URI uri(String target) {
        return URI.create(base() + target);
    }

    /**
     * {@return path and query of an address of this server; null if it is another server's} A registry behind something
     * that ends TLS may take itself for a plain one; it is asked over TLS nevertheless.
     */
    @Nullable
    String target(URI uri) {
        URI own = uri("/");
        boolean behindTls = tls && "http".equalsIgnoreCase(uri.getScheme());
        boolean samePort = (behindTls && uri.getPort() < 0) || port(uri) == port(own);
        boolean sameScheme = behindTls || own.getScheme().equalsIgnoreCase(uri.getScheme());
        boolean same = sameScheme && samePort && String.valueOf(uri.getHost()).equalsIgnoreCase(own.getHost());
        return same ? uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()) : null;
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    /** {@return whether something may be got from or sent to an address: not without TLS when the server has it} */
    boolean mayUse(URI uri) {
        String host = uri.getHost();
        if (host == null) {
            return false;
        }
        boolean plain = !tls || allowHttp || Loopback.is(host);
        return "https".equalsIgnoreCase(uri.getScheme()) || (plain && "http".equalsIgnoreCase(uri.getScheme()));
    }
}
