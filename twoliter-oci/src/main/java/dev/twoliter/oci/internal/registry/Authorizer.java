package dev.twoliter.oci.internal.registry;

import dev.twoliter.oci.RegistryCredential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Shows a server what it wants to be shown, and remembers that. Thread-safe; one thread at a time gets a token. */
final class Authorizer {

    private final Credentials credentials;
    private final TokenService tokens;
    private final Map<Access, TokenService.Token> shown = new ConcurrentHashMap<>();

    Authorizer(Credentials credentials, TokenService tokens) {
        this.credentials = credentials;
        this.tokens = tokens;
    }

    /** {@return the value of the header Authorization; empty until the server has asked for one} */
    Optional<String> header(Access access) throws IOException {
        TokenService.Token token = shown.get(access);
        if (token == null) {
            return Optional.empty();
        }
        if (token.isExpiring()) {
            synchronized (this) {
                if (token.equals(shown.get(access))) {
                    shown.put(access, token.renew());
                }
            }
        }
        return Optional.ofNullable(shown.get(access)).map(TokenService.Token::header);
    }

    /**
     * Follows an answer 401.
     *
     * @param access what the request needs
     * @param refused what was shown with it, if anything
     * @param challenges what the server says
     * @return whether it is worth to send the request again
     */
    synchronized boolean follow(Access access, Optional<String> refused, List<String> challenges) throws IOException {
        TokenService.Token now = shown.get(access);
        if (now != null && !refused.equals(Optional.of(now.header()))) {
            // Another thread has got a new one meanwhile.
            return true;
        }
        List<Challenge> all = Challenge.parse(challenges);
        Optional<RegistryCredential> credential = credentials.find();
        if (credential.isPresent() && credential.get().kind() == RegistryCredential.Kind.ACCESS_TOKEN) {
            return show(
                    access,
                    refused,
                    TokenService.Token.lasting("Bearer " + credential.get().secret()));
        }
        Optional<Challenge> bearer = Challenge.find(all, "bearer");
        if (bearer.isPresent()) {
            return show(access, Optional.empty(), tokens.token(bearer.get(), access, credential));
        }
        if (Challenge.find(all, "basic").isPresent()
                && credential.isPresent()
                && credential.get().kind() == RegistryCredential.Kind.PASSWORD) {
            return show(access, refused, TokenService.Token.lasting(basic(credential.get())));
        }
        return false;
    }

    private boolean show(Access access, Optional<String> refused, TokenService.Token token) {
        shown.put(access, token);
        return !refused.equals(Optional.of(token.header()));
    }

    static String basic(RegistryCredential credential) {
        byte[] both = (credential.user() + ":" + credential.secret()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }
}
