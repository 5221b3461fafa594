package dev.twoliter.api;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;

/**
 * A content digest as OCI writes it: {@code sha256:HEX} (OCI image specification, descriptor, "Digests"). Immutable,
 * thread-safe.
 *
 * @param algorithm {@code sha256} or {@code sha512}
 * @param hex the digest in lower-case hexadecimal, 64 or 128 digits
 */
public record Digest(String algorithm, String hex) {

    /**
     * Checks both parts.
     *
     * @throws IllegalArgumentException if the algorithm is unknown or the digits do not fit it
     */
    public Digest {
        Objects.requireNonNull(algorithm, "algorithm");
        Objects.requireNonNull(hex, "hex");
        int digits = switch (algorithm) {
            case "sha256" -> 64;
            case "sha512" -> 128;
            default -> throw new IllegalArgumentException("unknown digest algorithm '" + algorithm + "'");
        };
        if (hex.length() != digits || !hex.chars().allMatch(Digest::isLowerHex)) {
            throw new IllegalArgumentException("a " + algorithm + " digest has " + digits
                    + " lower-case hexadecimal digits, but this is '" + hex + "'");
        }
    }

    private static boolean isLowerHex(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    /**
     * Reads {@code algorithm:hex}.
     *
     * @param text the digest
     * @return the digest
     * @throws IllegalArgumentException if it is not one
     */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("a digest is written algorithm:hex, but this is '" + text + "'");
        }
        return new Digest(text.substring(0, colon), text.substring(colon + 1));
    }

    /**
     * Makes a SHA-256 digest from its digits.
     *
     * @param hex 64 hexadecimal digits, either case
     * @return the digest
     */
    public static Digest sha256(String hex) {
        return new Digest("sha256", hex.toLowerCase(Locale.ROOT));
    }

    /**
     * Computes the SHA-256 of some bytes.
     *
     * @param bytes the bytes
     * @return their digest
     */
    public static Digest ofBytes(byte[] bytes) {
        return new Digest("sha256", HexFormat.of().formatHex(newSha256().digest(bytes)));
    }

    /**
     * Makes a digest from what a {@link MessageDigest} for SHA-256 returned.
     *
     * @param hash 32 bytes
     * @return the digest
     */
    public static Digest ofSha256Hash(byte[] hash) {
        return new Digest("sha256", HexFormat.of().formatHex(hash));
    }

    /** {@return a new SHA-256 function; every JDK has it} */
    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK lacks SHA-256", e);
        }
    }

    /** {@return {@code algorithm:hex}} */
    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }
}
