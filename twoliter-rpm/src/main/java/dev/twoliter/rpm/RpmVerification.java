package dev.twoliter.rpm;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What is known about the integrity of a package.
 *
 * @param file the package
 * @param verdict the sum
 * @param digests each digest the package carries; {@link Result#OK}, {@link Result#BAD} or {@link Result#UNSUPPORTED},
 *     in this order: {@code header-sha256}, {@code header-sha1}, {@code payload}, {@code md5}
 * @param signatures each signature the package carries, by tag
 */
public record RpmVerification(Path file, Verdict verdict, List<DigestCheck> digests, List<SignatureCheck> signatures) {

    public RpmVerification {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(verdict, "verdict");
        digests = List.copyOf(digests);
        signatures = List.copyOf(signatures);
    }

    /** The sum of all checks. */
    public enum Verdict {
        /** All digests are right, and a trusted key signed header and payload. */
        OK,
        /** Something does not match, or a part of the package is covered by nothing. */
        BAD,
        /** All digests are right; there is no signature. */
        UNSIGNED,
        /** All digests are right; there are signatures, but none by a key at hand. */
        NO_KEY
    }

    /** How one digest or one signature fared. */
    public enum Result {
        OK,
        BAD,
        /** The key that signed is not among the trusted ones. */
        MISSING_KEY,
        /** The key had expired when the signature was made, or the signature itself carries a past end. */
        EXPIRED,
        /** The key is revoked. */
        REVOKED,
        /** An algorithm or a packet that this library does not know. */
        UNSUPPORTED
    }

    /**
     * One digest.
     *
     * @param name see {@link RpmVerification#digests()}
     * @param result how it fared
     */
    public record DigestCheck(String name, Result result) {}

    /**
     * One signature.
     *
     * @param tag the name of its header entry: {@code RSA}, {@code DSA}, {@code PGP}, {@code GPG} or {@code OPENPGP}
     * @param keyId of the signing key, 16 lower-case hexadecimal digits; empty when it cannot be read
     * @param result how it fared
     */
    public record SignatureCheck(String tag, String keyId, Result result) {}
}
