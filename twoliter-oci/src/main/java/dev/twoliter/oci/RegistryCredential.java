package dev.twoliter.oci;

import java.util.Objects;

/**
 * What proves to a registry who we are. The secret is never part of {@link #toString()}, messages or events. Immutable,
 * thread-safe.
 */
public final class RegistryCredential {

    /** What the secret is. */
    public enum Kind {
        /** A password, for a user. */
        PASSWORD,
        /** An identity or refresh token, to be exchanged for access tokens. */
        IDENTITY_TOKEN,
        /** An access token, sent as it is. */
        ACCESS_TOKEN
    }

    private final Kind kind;
    private final String user;
    private final String secret;

    private RegistryCredential(Kind kind, String user, String secret) {
        this.kind = kind;
        this.user = Objects.requireNonNull(user, "user");
        this.secret = Objects.requireNonNull(secret, "secret");
    }

    /**
     * {@return a user's password}
     *
     * @param user the user
     * @param password the password
     */
    public static RegistryCredential password(String user, String password) {
        return new RegistryCredential(Kind.PASSWORD, user, password);
    }

    /**
     * {@return an identity token, as {@code docker login} keeps it for some registries}
     *
     * @param token the token
     */
    public static RegistryCredential identityToken(String token) {
        return new RegistryCredential(Kind.IDENTITY_TOKEN, "", token);
    }

    /**
     * {@return an access token, sent to the registry as it is}
     *
     * @param token the token
     */
    public static RegistryCredential accessToken(String token) {
        return new RegistryCredential(Kind.ACCESS_TOKEN, "", token);
    }

    /** {@return what the secret is} */
    public Kind kind() {
        return kind;
    }

    /** {@return the user; empty with a token} */
    public String user() {
        return user;
    }

    /** {@return the secret: not to be shown} */
    public String secret() {
        return secret;
    }

    /** {@return the kind alone} */
    @Override
    public String toString() {
        return "RegistryCredential[" + kind + "]";
    }
}
