package dev.twoliter.rpm;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.rpm.RpmVerification.Result;
import dev.twoliter.rpm.internal.pgp.PublicKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks the digests and signatures of packages, as {@code rpm -K} does, against given keys. Whether a key has expired
 * is judged at the time of the signature, so the answer never depends on the clock. Immutable, thread-safe.
 */
public final class RpmVerifier {
    private final PublicKeys keys;

    private RpmVerifier(PublicKeys keys) {
        this.keys = keys;
    }

    /**
     * Reads the keys to trust.
     *
     * @param publicKeys files with OpenPGP public keys, armoured or binary; each may hold several
     * @return the verifier
     * @throws SigningException if a file holds no public key
     * @throws StorageException if one cannot be read
     */
    public static RpmVerifier withKeys(List<Path> publicKeys) {
        return new RpmVerifier(PublicKeys.read(publicKeys));
    }

    /** {@return a verifier that checks digests and trusts no key} */
    public static RpmVerifier withoutKeys() {
        return withKeys(List.of());
    }

    /**
     * Checks a package; it is read once.
     *
     * @param rpm the package
     * @return what was found
     * @throws FormatException if it is not an RPM, or is cut off or malformed
     * @throws StorageException if it cannot be read
     */
    public RpmVerification verify(Path rpm) {
        return new Verification(rpm, keys).run();
    }

    /**
     * Refuses a package unless a trusted key signed it and all digests are right.
     *
     * @param rpm the package
     * @throws VerificationException naming the file, what is wrong and what to do
     * @throws FormatException if it is not an RPM, or is cut off or malformed
     * @throws StorageException if it cannot be read
     */
    public void require(Path rpm) {
        RpmVerification found = verify(rpm);
        switch (found.verdict()) {
            case OK -> {}
            case BAD -> throw damaged(found);
            case UNSIGNED ->
                throw new VerificationException(
                        rpm.toString(), "the package is not signed", "Sign it, or do not require signatures for it.");
            case NO_KEY ->
                throw new VerificationException(
                        rpm.toString(),
                        "the package is signed by the unknown key "
                                + found.signatures().get(0).keyId(),
                        "Add that key to the trusted keys if you trust its owner.");
        }
    }

    /** Refuses a package whose digests or signatures are wrong; unsigned ones and unknown keys pass. */
    void requireIntact(Path rpm) {
        RpmVerification found = verify(rpm);
        if (found.verdict() == RpmVerification.Verdict.BAD) {
            throw damaged(found);
        }
    }

    private static VerificationException damaged(RpmVerification found) {
        StringBuilder what = new StringBuilder();
        found.digests().stream()
                .filter(d -> d.result() != Result.OK)
                .forEach(d -> what.append(", the ")
                        .append(d.name())
                        .append(" digest is ")
                        .append(words(d.result())));
        found.signatures().stream()
                .filter(s -> s.result() != Result.OK)
                .forEach(s -> what.append(", the ")
                        .append(s.tag())
                        .append(" signature by key ")
                        .append(s.keyId())
                        .append(" is ")
                        .append(words(s.result())));
        String detail = what.isEmpty() ? "digests do not cover header and payload" : what.substring(2);
        return new VerificationException(
                found.file().toString(),
                "the package is damaged or was changed: " + detail,
                "Fetch or build the package again.");
    }

    private static String words(Result result) {
        return switch (result) {
            case OK -> "good";
            case BAD -> "wrong";
            case MISSING_KEY -> "by an unknown key";
            case EXPIRED -> "expired";
            case REVOKED -> "by a revoked key";
            case UNSUPPORTED -> "of an unknown kind";
        };
    }

    /**
     * Checks a detached signature, such as {@code repomd.xml.asc}.
     *
     * @param content what was signed; read to its end
     * @param signature the signature, armoured or binary
     * @return {@link Result#OK} if a trusted key made it
     * @throws IOException if the content cannot be read
     */
    public Result verifyDetached(InputStream content, byte[] signature) throws IOException {
        return keys.verifyDetached(content, signature);
    }
}
