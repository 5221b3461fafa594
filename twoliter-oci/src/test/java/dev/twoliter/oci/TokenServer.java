package dev.twoliter.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.twoliter.testing.Certificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Gives docker-registry's tokens: to pull to everybody, to push to anna and to whoever has the identity token. */
final class TokenServer implements AutoCloseable {

    static final String IDENTITY = "identity-of-anna";
    private static final String BASIC = "Basic " + Base64.getEncoder().encodeToString("anna:secret".getBytes(UTF_8));

    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    volatile int seconds = 300;

    private final Certificate certificate;
    private final HttpServer server;

    TokenServer(Certificate certificate) throws IOException {
        this.certificate = certificate;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", this::answer);
        server.start();
    }

    /** The part of docker-registry's configuration. */
    String configuration() {
        return """
                auth:
                  token:
                    realm: http://127.0.0.1:%d/token
                    service: play registry
                    issuer: play
                    rootcertbundle: %s
                """.formatted(server.getAddress().getPort(), certificate.certificate());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            String query = exchange.getRequestMethod().equals("POST")
                    ? body
                    : exchange.getRequestURI().getRawQuery();
            List<String> parameters = Stream.of(query.split("&"))
                    .map(part -> URLDecoder.decode(part, UTF_8))
                    .toList();
            boolean known = BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                    || parameters.contains("refresh_token=" + IDENTITY);
            requests.add(exchange.getRequestMethod() + " " + parameters);
            String access = parameters.stream()
                    .filter(part -> part.startsWith("scope="))
                    .flatMap(part -> Stream.of(part.substring("scope=".length()).split(" ")))
                    .map(scope -> access(scope, known))
                    .collect(Collectors.joining(","));
            byte[] answer = ("{\"token\":\"" + token(access) + "\",\"expires_in\":" + seconds + "}").getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static String access(String scope, boolean known) {
        String[] parts = scope.split(":");
        String actions = known ? parts[2] : "pull";
        return "{\"type\":\"repository\",\"name\":\"" + parts[1] + "\",\"actions\":[\"" + actions.replace(",", "\",\"")
                + "\"]}";
    }

    private String token(String access) {
        long now = Instant.now().getEpochSecond();
        String head = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\""
                + Base64.getEncoder().encodeToString(certificate.der()) + "\"]}";
        String claims = "{\"iss\":\"play\",\"sub\":\"anna\",\"aud\":\"play registry\",\"jti\":\"" + System.nanoTime()
                + "\",\"nbf\":" + (now - 5) + ",\"iat\":" + (now - 5) + ",\"exp\":" + (now + seconds) + ",\"access\":["
                + access + "]}";
        try {
            String signed = base64(head.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(certificate.privateKey());
            signature.update(signed.getBytes(UTF_8));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
