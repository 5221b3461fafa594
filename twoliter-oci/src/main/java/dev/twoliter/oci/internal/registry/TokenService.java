package dev.twoliter.oci.internal.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoliter.oci.RegistryCredential;
import dev.twoliter.oci.internal.http.Headers;
import dev.twoliter.oci.internal.http.ProtocolException;
import dev.twoliter.oci.internal.http.Request;
import dev.twoliter.oci.internal.http.RequestBody;
import dev.twoliter.oci.internal.http.Response;
import dev.twoliter.oci.internal.http.Transport;
import dev.twoliter.oci.internal.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Gets access tokens (distribution project, "Token Authentication Specification" and "OAuth2 Token Authentication"): with
 * a password or nothing by GET, with an identity token by POST.
 */
final class TokenService {

    private static final int MAX_ANSWER = 1 << 20;
    private static final String CLIENT = "twoliter-java";

    /** What a token lasts when its server does not say, by the specification. */
    private static final long DEFAULT_SECONDS = 60;

    private static final long LONGEST_SECONDS = 86_400;

    /** A token is renewed this long before its end, so that a request does not arrive too late with it. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    /** How a token is got again. */
    interface Renewal {
        Token get() throws IOException;
    }

    /**
     * What a server is shown.
     *
     * @param header the value of Authorization
     * @param until when it ends, in the time of {@link System#nanoTime()}; {@link Optional#empty()}: never
     * @param renewal gets the next one
     */
    record Token(String header, Optional<Long> until, Renewal renewal) {

        static Token lasting(String header) {
            return new Token(header, Optional.empty(), () -> {
                throw new IllegalStateException("it does not end");
            });
        }

        boolean isExpiring() {
            return until.isPresent() && System.nanoTime() - until.get() > 0;
        }

        Token renew() throws IOException {
            return renewal.get();
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "Token[until=" + until + "]";
        }
    }

    private final Transport transport;
    private final Server server;

    TokenService(Transport transport, Server server) {
        this.transport = transport;
        this.server = server;
    }

    /** Gets a token that allows an access. */
    Token token(Challenge challenge, Access access, Optional<RegistryCredential> credential) throws IOException {
        URI realm = realm(challenge);
        StringBuilder query = new StringBuilder();
        String service = challenge.parameters().getOrDefault("service", "");
        if (!service.isEmpty()) {
            query.append("service=").append(encode(service)).append('&');
        }
        boolean exchange = credential.isPresent() && credential.get().kind() == RegistryCredential.Kind.IDENTITY_TOKEN;
        Set<String> scopes = scopes(challenge, access);
        Request request =
                exchange ? post(realm, query, scopes, credential.get()) : get(realm, query, scopes, credential);
        long asked = System.nanoTime();
        try (Response response = transport.send(request)) {
            if (response.status() != 200) {
                throw StatusException.of(response);
            }
            JsonNode answer = Json.parse("the answer of " + realm.getHost(), response.small(MAX_ANSWER));
            String token =
                    answer.path("token").asText(answer.path("access_token").asText(""));
            if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new ProtocolException(realm.getHost() + " gave no token");
            }
            long seconds = Math.min(answer.path("expires_in").asLong(DEFAULT_SECONDS), LONGEST_SECONDS);
            Duration lasts = Duration.ofSeconds(Math.max(seconds, 1)).minus(MARGIN);
            long until = asked + (lasts.isNegative() ? Duration.ZERO : lasts).toNanos();
            // A token that is shorter than the margin is used until the server refuses it.
            Optional<Long> end = lasts.isNegative() ? Optional.empty() : Optional.of(until);
            return new Token("Bearer " + token, end, () -> token(challenge, access, credential));
        }
    }

    private static Request get(
            URI realm, StringBuilder query, Set<String> scopes, Optional<RegistryCredential> credential) {
        scopes.forEach(scope -> query.append("scope=").append(encode(scope)).append('&'));
        query.setLength(query.length() - 1);
        Headers headers = headers();
        credential.ifPresent(value -> headers.add("Authorization", Authorizer.basic(value)));
        String address = realm + (realm.getRawQuery() == null ? "?" : "&") + query;
        return new Request("GET", URI.create(address), headers, null);
    }

    private static Request post(URI realm, StringBuilder query, Set<String> scopes, RegistryCredential credential) {
        query.append("scope=").append(encode(String.join(" ", scopes)));
        query.append("&client_id=").append(CLIENT).append("&grant_type=refresh_token&refresh_token=");
        query.append(encode(credential.secret()));
        return new Request(
                "POST",
                realm,
                headers().add("Content-Type", "application/x-www-form-urlencoded"),
                RequestBody.of(query.toString().getBytes(StandardCharsets.US_ASCII)));
    }

    private static Headers headers() {
        return new Headers().add("User-Agent", Remote.USER_AGENT).add("Accept", "application/json");
    }

    /** What we need, and what else the server asks for: behind a proxy it may know the repository by another name. */
    private static Set<String> scopes(Challenge challenge, Access access) {
        Set<String> scopes = new LinkedHashSet<>(access.scopes());
        for (String scope : challenge.parameters().getOrDefault("scope", "").split(" ")) {
            int end = scope.lastIndexOf(':');
            if (end > 0 && access.scopes().stream().noneMatch(own -> own.startsWith(scope.substring(0, end + 1)))) {
                scopes.add(scope);
            }
        }
        return scopes;
    }

    private URI realm(Challenge challenge) throws ProtocolException {
        String text = challenge.parameters().getOrDefault("realm", "");
        try {
            URI realm = URI.create(text);
            if (server.mayUse(realm) && realm.getRawFragment() == null && realm.getRawUserInfo() == null) {
                return realm;
            }
        } catch (IllegalArgumentException e) {
            // Reported below.
        }
        throw new ProtocolException("the registry names '" + text.replaceAll("[^\\x20-\\x7e]", "?")
                + "' as the place to get tokens, which is not a safe address of a web server");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
