package dev.twoliter.core.internal.sources;

import dev.twoliter.api.Environment;
import dev.twoliter.api.SourceException;
import dev.twoliter.oci.internal.http.Headers;
import dev.twoliter.oci.internal.http.ProtocolException;
import dev.twoliter.oci.internal.http.Request;
import dev.twoliter.oci.internal.http.Response;
import dev.twoliter.oci.internal.http.Transport;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks web servers for files, or for the rest of them (RFC 9110, 14 and 15.4). Thread-safe. */
final class WebClient implements AutoCloseable {

    private static final String USER_AGENT = "twoliter-java";
    private static final int MAX_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\\*)");
    private static final int NOT_THAT_RANGE = 416;

    private final SourceSettings settings;
    private final Environment environment;
    private @Nullable Transport transport;

    WebClient(SourceSettings settings, Environment environment) {
        this.settings = settings;
        this.environment = environment;
    }

    /** Made when it is needed: what is in the cache needs no proxy, nor one that is written properly. */
    private synchronized Transport transport() {
        if (transport == null) {
            try {
                transport = Transport.of(environment, List.of(), settings.connectTimeout(), settings.stallTimeout());
            } catch (IllegalArgumentException e) {
                throw new SourceException("", String.valueOf(e.getMessage()), "Correct the variable.", e);
            }
        }
        return transport;
    }

    /**
     * Asks for a file.
     *
     * @param uri its http or https URL
     * @param from which byte is wanted first
     * @param validator names the content whose beginning is here; empty to take what is there
     * @return the content from there, or from its beginning where the server cannot or will not do that
     * @throws IOException if it is not to be had
     */
    WebContent get(URI uri, long from, Optional<String> validator) throws IOException {
        Response response = follow(uri, from, validator);
        try {
            if (response.status() == NOT_THAT_RANGE && from > 0) {
                // What is here is as long as the whole, or longer.
                response.close();
                response = follow(uri, 0, Optional.empty());
                return content(response, 0);
            }
            return content(response, from);
        } catch (IOException | RuntimeException e) {
            response.close();
            throw e;
        }
    }

    private static WebContent content(Response response, long from) throws IOException {
        Headers headers = response.headers();
        Optional<String> validator = headers.first("ETag").filter(tag -> tag.startsWith("\""));
        long length = headers.first("Content-Length")
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .orElse(-1L);
        if (response.status() == 200) {
            return new WebContent(response, 0, length, validator);
        }
        if (response.status() != 206 || from == 0) {
            throw new AnswerException(response);
        }
        Matcher range = CONTENT_RANGE.matcher(headers.first("Content-Range").orElse(""));
        if (!range.matches() || Long.parseLong(range.group(1)) != from) {
            throw new ProtocolException("the server answers with another range than was asked for");
        }
        long total = range.group(2).equals("*") ? -1 : Long.parseLong(range.group(2));
        return new WebContent(response, from, total, validator);
    }

    private Response follow(URI start, long from, Optional<String> validator) throws IOException {
        URI uri = start;
        Set<URI> seen = new HashSet<>();
        while (true) {
            if (!seen.add(uri)) {
                throw new AnswerException("it redirects in a circle");
            }
            if (seen.size() > MAX_REDIRECTS) {
                throw new AnswerException("it redirects more than " + MAX_REDIRECTS + " times");
            }
            Headers headers = new Headers()
                    .add("User-Agent", USER_AGENT)
                    .add("Accept", "*/*")
                    // What is hashed is the file, not a form that suits the connection.
                    .add("Accept-Encoding", "identity");
            if (isSameServer(start, uri)) {
                authorization(start).ifPresent(value -> headers.add("Authorization", value));
            }
            if (from > 0) {
                headers.add("Range", "bytes=" + from + "-");
                validator.ifPresent(value -> headers.add("If-Range", value));
            }
            Response response = send(new Request("GET", uri, headers, null));
            if (!REDIRECTS.contains(response.status())) {
                return response;
            }
            try (response) {
                uri = target(uri, response);
            }
        }
    }

    private Response send(Request request) throws IOException {
        try {
            return transport().send(request);
        } catch (IllegalArgumentException e) {
            // A port or a host name that no connection can be made to.
            throw new AnswerException(Place.shown(request.uri()) + " cannot be connected to: " + e.getMessage());
        }
    }

    private static URI target(URI from, Response response) throws IOException {
        String location = response.headers().first("Location").orElse("");
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("it redirects to something that is no URL");
        }
        String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
        if (location.isEmpty() || to.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new AnswerException("it redirects to something that is no http: or https: URL");
        }
        if (scheme.equals("http") && "https".equalsIgnoreCase(from.getScheme())) {
            throw new AnswerException("it redirects from https to http, " + Place.shown(to));
        }
        return to;
    }

    private static boolean isSameServer(URI a, URI b) {
        return a.getScheme().equalsIgnoreCase(b.getScheme())
                && a.getHost().equalsIgnoreCase(b.getHost())
                && a.getPort() == b.getPort();
    }

    /** A private cache may be written {@code https://USER:PASSWORD@HOST/}. */
    private static Optional<String> authorization(URI uri) {
        return Optional.ofNullable(uri.getRawUserInfo()).map(info -> {
            String plain = URLDecoder.decode(info.replace("+", "%2B"), StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        });
    }

    @Override
    public synchronized void close() {
        if (transport != null) {
            Objects.requireNonNull(transport).close();
        }
    }
}
