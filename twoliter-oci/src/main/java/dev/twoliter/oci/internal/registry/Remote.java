package dev.twoliter.oci.internal.registry;

import dev.twoliter.oci.internal.http.Headers;
import dev.twoliter.oci.internal.http.ProtocolException;
import dev.twoliter.oci.internal.http.Request;
import dev.twoliter.oci.internal.http.RequestBody;
import dev.twoliter.oci.internal.http.Response;
import dev.twoliter.oci.internal.http.Transport;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One repository at one server: single requests, with the authorization that the server wants. That goes to no other
 * server, also where the answer sends us to one. Thread-safe.
 */
final class Remote {

    static final String USER_AGENT = "twoliter-java";

    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_CHALLENGES = 2;

    private final Server server;
    private final String repository;
    private final Transport transport;
    private final Authorizer authorizer;
    private final Failures failures;

    Remote(Server server, String repository, Transport transport, Credentials credentials) {
        this.server = server;
        this.repository = repository;
        this.transport = transport;
        this.authorizer = new Authorizer(credentials, new TokenService(transport, server));
        this.failures = new Failures(server, repository, credentials);
    }

    Server server() {
        return server;
    }

    String repository() {
        return repository;
    }

    Failures failures() {
        return failures;
    }

    Access pull() {
        return Access.pull(repository);
    }

    Access push() {
        return Access.push(repository);
    }

    /**
     * Gets something of the repository, from wherever the server keeps it.
     *
     * @param path below the repository
     * @return the answer if its status is 200 or 206; empty if it is 404
     * @throws StatusException if it is another
     */
    Optional<Response> get(String path, Headers headers) throws IOException {
        URI uri = server.uri("/v2/" + repository + "/" + path);
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            Response response = send(pull(), "GET", uri, headers, null);
            switch (response.status()) {
                case 200, 206 -> {
                    return Optional.of(response);
                }
                case 404 -> {
                    response.close();
                    return Optional.empty();
                }
                case 301, 302, 303, 307, 308 -> uri = location(uri, response);
                default -> throw StatusException.of(response);
            }
        }
        throw new ProtocolException("the registry sends us from one place to the next");
    }

    /** Sends a request below the repository. */
    Response send(Access access, String method, String path, Headers headers, @Nullable RequestBody body)
            throws IOException {
        return send(access, method, server.uri("/v2/" + repository + "/" + path), headers, body);
    }

    /** Sends a request to an address that the server gave. */
    Response send(Access access, String method, URI uri, Headers headers, @Nullable RequestBody body)
            throws IOException {
        Headers all = new Headers().addAll(headers).add("User-Agent", USER_AGENT);
        String target = server.target(uri);
        if (target == null) {
            return transport.send(new Request(method, uri, all, body));
        }
        for (int i = 0; ; i++) {
            Optional<String> shown = authorizer.header(access);
            Headers authorized = new Headers().addAll(all);
            shown.ifPresent(value -> authorized.add("Authorization", value));
            Response response = server.send(method, target, authorized, body);
            if (response.status() != 401 || i >= MAX_CHALLENGES) {
                return response;
            }
            if (!authorizer.follow(access, shown, response.headers().all("WWW-Authenticate"))) {
                return response;
            }
            response.close();
        }
    }

    /** {@return whereto an answer refers; the answer is closed} */
    URI location(URI asked, Response response) throws ProtocolException {
        try (response) {
            String text = response.headers().first("Location").orElse("");
            try {
                URI uri = asked.resolve(text);
                boolean usable = server.target(uri) != null || server.mayUse(uri);
                if (!text.isEmpty() && usable && uri.getRawUserInfo() == null) {
                    return uri;
                }
            } catch (IllegalArgumentException e) {
                // Reported below.
            }
            throw new ProtocolException("the registry refers to '" + text.replaceAll("[^\\x20-\\x7e]", "?")
                    + "', which is not a safe address of a web server");
        }
    }
}
