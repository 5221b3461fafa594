package dev.twoliter.oci.internal.jib;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.http.Authorization;
import com.google.cloud.tools.jib.http.BlobHttpContent;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.Request;
import com.google.cloud.tools.jib.http.Response;
import com.google.cloud.tools.jib.http.ResponseException;
import dev.twoliter.oci.internal.json.Json;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads from one repository (OCI distribution specification 1.1, "Pull" and "Listing Tags"). Jib's registry client
 * parses manifests without keeping their bytes and lists no tags, so requests go to its HTTP client directly, and the
 * authorization that a registry asks for is made here. Thread-safe.
 */
final class RegistryReader {

    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int MAX_TOKEN_ANSWER = 1 << 20;
    private static final int PARTIAL_CONTENT = 206;
    private static final HttpRequestFactory RANGES = new NetHttpTransport().createRequestFactory();

    /** One parameter of {@code WWW-Authenticate} (RFC 9110, 11.6.1). */
    private static final Pattern PARAMETER = Pattern.compile("(\\w{1,32})\\s?=\\s?(?:\"([^\"]*)\"|([^\\s,\"]+))");

    private final FailoverHttpClient http;
    private final String base;
    private final String scope;
    private final Credentials credentials;
    private volatile @Nullable Authorization authorization;

    RegistryReader(FailoverHttpClient http, String host, String repository, Credentials credentials) {
        this.http = http;
        this.base = "https://" + host + "/v2/" + repository + "/";
        this.scope = "repository:" + repository + ":pull";
        this.credentials = credentials;
    }

    /**
     * Asks, and asks again with the authorization that the registry wants; empty if it has no such thing.
     *
     * @param path below the repository
     */
    Optional<Response> ask(String method, String path, List<String> accept) throws IOException {
        URL url = new URL(base + path);
        try {
            return Optional.of(http.call(method, url, request(accept)));
        } catch (ResponseException e) {
            if (e.getStatusCode() == 404) {
                return Optional.empty();
            }
            if (e.getStatusCode() != 401 || !authorize(e)) {
                throw e;
            }
        }
        try {
            return Optional.of(http.call(method, url, request(accept)));
        } catch (ResponseException e) {
            if (e.getStatusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Reads something from an offset to its end. Jib cannot ask for a range; so it only finds out, without reading, how
     * the registry is reached and authorized, and the request goes to the HTTP library below it.
     *
     * @param path below the repository
     * @return the rest, also from a registry that always sends the whole; empty if it has no such thing
     */
    Optional<InputStream> rest(String path, long offset) throws IOException {
        GenericUrl url = new GenericUrl(base + path);
        try (Response there = ask("HEAD", path, List.of()).orElse(null)) {
            if (there == null) {
                return Optional.empty();
            }
            if (there.getRequestUrl().getHost().equals(url.getHost())) {
                url.setScheme(there.getRequestUrl().getScheme());
            }
        }
        HttpHeaders headers =
                new HttpHeaders().setRange("bytes=" + offset + "-").setUserAgent(JibRepository.USER_AGENT);
        headers.setAcceptEncoding("identity");
        Authorization authorized = authorization;
        if (authorized != null) {
            headers.setAuthorization(authorized.toString());
        }
        HttpResponse response = RANGES.buildGetRequest(url)
                .setHeaders(headers)
                .setConnectTimeout(TIMEOUT_MILLIS)
                .setReadTimeout(TIMEOUT_MILLIS)
                .execute();
        InputStream content = new FilterInputStream(response.getContent()) {
            @Override
            public void close() throws IOException {
                response.disconnect();
            }
        };
        try {
            skipTo(offset, response, content);
            return Optional.of(content);
        } catch (IOException e) {
            content.close();
            throw e;
        }
    }

    /** Goes to the offset in whatever the registry has sent: the range, or the whole. */
    private static void skipTo(long offset, HttpResponse response, InputStream content) throws IOException {
        if (response.getStatusCode() != PARTIAL_CONTENT) {
            content.skipNBytes(offset);
            return;
        }
        String range = String.valueOf(response.getHeaders().getContentRange());
        if (!range.startsWith("bytes " + offset + "-")) {
            throw new IOException("asked for the bytes from " + offset + ", the registry sent '" + range + "'");
        }
    }

    private Request request(List<String> accept) {
        return Request.builder()
                .setAccept(accept)
                .setAuthorization(authorization)
                .setUserAgent(JibRepository.USER_AGENT)
                .setHttpTimeout(TIMEOUT_MILLIS)
                .build();
    }

    /** Follows a challenge; false if that is impossible. */
    private boolean authorize(ResponseException refusal) throws IOException {
        String challenge = refusal.getHeaders().getAuthenticate();
        if (challenge == null) {
            return false;
        }
        Optional<Credential> credential = credentials.find();
        if (challenge.regionMatches(true, 0, "Bearer ", 0, 7)) {
            authorization = Authorization.fromBearerToken(token(challenge, credential));
            return true;
        }
        if (challenge.regionMatches(true, 0, "Basic", 0, 5) && credential.isPresent()) {
            authorization = basic(credential.get());
            return true;
        }
        return false;
    }

    private static Authorization basic(Credential credential) {
        return Authorization.fromBasicCredentials(credential.getUsername(), credential.getPassword());
    }

    /** Gets a token to pull with (distribution project, "Token Authentication" and "OAuth2 Token Authentication"). */
    private String token(String challenge, Optional<Credential> credential) throws IOException {
        String realm = "";
        String query = "scope=" + encode(scope);
        Matcher parameter = PARAMETER.matcher(challenge);
        while (parameter.find()) {
            String value = parameter.group(2) == null ? parameter.group(3) : parameter.group(2);
            if (parameter.group(1).equalsIgnoreCase("realm")) {
                realm = value;
            } else if (parameter.group(1).equalsIgnoreCase("service")) {
                query = "service=" + encode(value) + "&" + query;
            }
        }
        Request.Builder request =
                Request.builder().setUserAgent(JibRepository.USER_AGENT).setHttpTimeout(TIMEOUT_MILLIS);
        String method = "GET";
        String address = realm + (realm.contains("?") ? "&" : "?") + query;
        if (credential.isPresent() && credential.get().isOAuth2RefreshToken()) {
            method = "POST";
            address = realm;
            String form = query + "&grant_type=refresh_token&refresh_token="
                    + encode(credential.get().getPassword());
            request.setBody(new BlobHttpContent(Blobs.from(form), "application/x-www-form-urlencoded"));
        } else {
            credential.ifPresent(value -> request.setAuthorization(basic(value)));
        }
        try (Response response = http.call(method, url(address), request.build());
                InputStream body = response.getBody()) {
            JsonNode answer = Json.parse("the answer of " + realm, body.readNBytes(MAX_TOKEN_ANSWER));
            String token =
                    answer.path("token").asText(answer.path("access_token").asText());
            if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new IOException(realm + " gave no token");
            }
            return token;
        }
    }

    private static URL url(String text) throws IOException {
        try {
            URL url = URI.create(text).toURL();
            if (!url.getProtocol().startsWith("http") || url.getHost().isEmpty()) {
                throw new MalformedURLException("not an address of a web server");
            }
            return url;
        } catch (IllegalArgumentException | MalformedURLException e) {
            throw new IOException("the registry names '" + text + "' as the place to get tokens", e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
