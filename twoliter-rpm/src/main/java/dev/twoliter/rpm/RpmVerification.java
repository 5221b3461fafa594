package dev.twoliter.rpm;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known about the integrity of a package.
 *
 * @param file the package
 * @param verdict the sum
 * @param digests {@code header-sha256}, {@code header-sha1}, {@code payload} and {@code md5} (of header and payload), each
 *     {@link Result#OK}, {@link Result#BAD}, {@link Result#ABSENT} or {@link Result#UNSUPPORTED}; and those that only
 *     packages of rpm 6 carry: {@code header-sha3-256}, {@code payload-sha512}, {@code payload-sha3-256}; empty when the
 *     package is malformed
 * @param signatures each signature the package carries, by tag; empty when there is none or the package is malformed
 * @param problem why the package cannot be read as an RPM; empty when it can. Its verdict is {@link Verdict#BAD} then
 */
public record RpmVerification(
        Path file,
        Verdict verdict,
        List<DigestCheck> digests,
        List<SignatureCheck> signatures,
        Optional<String> problem) {

    public RpmVerification {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(verdict, "verdict");
        digests = List.copyOf(digests);
        signatures = List.copyOf(signatures);
        Objects.requireNonNull(problem, "problem");
    }

    /** The sum of all checks. */
    public enum Verdict {
        /** All digests are right, and a key that the policy accepts signed header and payload. */
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
        /** It matches, but the key was not valid at that time, or the signature itself had an end. */
        EXPIRED,
        /** It matches, but the key is revoked. */
        REVOKED,
        /** An algorithm that this library does not know, or one of which forgeries are within reach. */
        UNSUPPORTED,
        /** The package does not carry it. Only digests are reported so. */
        ABSENT
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
