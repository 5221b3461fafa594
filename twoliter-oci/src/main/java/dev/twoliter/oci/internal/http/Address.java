package dev.twoliter.oci.internal.http;

import java.net.URI;
import java.util.Locale;

/**
 * A server: connections to it can be used for any request to it.
 *
 * @param tls whether it is spoken to over TLS
 * @param host its name or number; IPv6 without brackets
 * @param port its port
 */
record Address(boolean tls, String host, int port) {

    static Address of(URI uri) {
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        String host = uri.getHost();
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new Address(tls, host.toLowerCase(Locale.ROOT), uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80);
    }

    /** {@return host and port as in a request} */
    String authority() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
