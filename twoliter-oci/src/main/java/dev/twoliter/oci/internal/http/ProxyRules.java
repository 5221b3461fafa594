package dev.twoliter.oci.internal.http;

import dev.twoliter.api.Environment;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which server is reached through which proxy, by the variables that curl and Go read: {@code HTTPS_PROXY}, {@code
 * HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY}, in upper or lower case. What is on this machine is always reached
 * directly. Immutable, thread-safe.
 */
public final class ProxyRules {

    private static final int DEFAULT_PORT = 80;

    private final Optional<Proxy> forTls;
    private final Optional<Proxy> forPlain;
    private final List<String> direct;

    private ProxyRules(Optional<Proxy> forTls, Optional<Proxy> forPlain, List<String> direct) {
        this.forTls = forTls;
        this.forPlain = forPlain;
        this.direct = direct;
    }

    /**
     * Reads the variables.
     *
     * @throws IllegalArgumentException if one does not name a proxy; the message does not show its value
     */
    public static ProxyRules of(Environment environment) {
        return new ProxyRules(
                proxy(environment, "https_proxy"),
                proxy(environment, "http_proxy"),
                Stream.of(variable(environment, "no_proxy").orElse("").split(","))
                        .map(rule -> rule.strip().toLowerCase(Locale.ROOT))
                        .filter(rule -> !rule.isEmpty())
                        .toList());
    }

    private static Optional<String> variable(Environment environment, String name) {
        return environment.variable(name).or(() -> environment.variable(name.toUpperCase(Locale.ROOT)));
    }

    private static Optional<Proxy> proxy(Environment environment, String name) {
        return variable(environment, name)
                .or(() -> variable(environment, "all_proxy"))
                .map(value -> parse(name.toUpperCase(Locale.ROOT), value));
    }

    private static Proxy parse(String name, String value) {
        try {
            URI uri = URI.create(value.contains("://") ? value : "http://" + value);
            if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
                throw new IllegalArgumentException();
            }
            Address address = Address.of(uri);
            int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
            String user = uri.getRawUserInfo() == null ? "" : decode(uri.getRawUserInfo());
            return new Proxy(new Address(false, address.host(), port), user);
        } catch (IllegalArgumentException e) {
            // Not the cause: its message shows the value, which may have a password in it.
            throw new IllegalArgumentException(
                    name + " does not name a proxy: it must be http://[USER:PASSWORD@]HOST[:PORT]");
        }
    }

    /** In a user's name a plus is a plus. */
    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    Optional<Proxy> proxyFor(Address address) {
        Optional<Proxy> proxy = address.tls() ? forTls : forPlain;
        return proxy.isEmpty() || Loopback.is(address.host()) || isDirect(address) ? Optional.empty() : proxy;
    }

    private boolean isDirect(Address address) {
        return direct.stream().anyMatch(rule -> matches(rule, address));
    }

    private static boolean matches(String rule, Address address) {
        if (rule.equals("*")) {
            return true;
        }
        if (rule.contains("/")) {
            return inNetwork(rule, address.host());
        }
        int colon = rule.lastIndexOf(':');
        if (colon > 0 && rule.indexOf(':') == colon) {
            return rule.substring(colon + 1).equals(String.valueOf(address.port()))
                    && matches(rule.substring(0, colon), address);
        }
        String name = rule.startsWith("*.") ? rule.substring(2) : rule.startsWith(".") ? rule.substring(1) : rule;
        return address.host().equals(name) || address.host().endsWith("." + name);
    }

    /** {@return whether a literal address is in a network such as 10.0.0.0/8} */
    private static boolean inNetwork(String rule, String host) {
        int slash = rule.indexOf('/');
        String network = rule.substring(0, slash);
        String bits = rule.substring(slash + 1);
        if (!isLiteral(host) || !isLiteral(network) || !bits.matches("[0-9]{1,3}")) {
            return false;
        }
        try {
            byte[] a = InetAddress.getByName(host).getAddress();
            byte[] b = InetAddress.getByName(network).getAddress();
            int length = Integer.parseInt(bits);
            if (a.length != b.length || length > a.length * 8) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                int mask = 0x80 >> (i % 8);
                if ((a[i / 8] & mask) != (b[i / 8] & mask)) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Only such are asked about, so that no name is looked up. */
    private static boolean isLiteral(String host) {
        return host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") || (host.contains(":") && host.matches("[0-9a-f:.]+"));
    }
}
