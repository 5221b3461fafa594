package dev.twoliter.rpm;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.rpm.RpmVerification.Result;
import dev.twoliter.rpm.RpmVerification.Verdict;
import dev.twoliter.rpm.internal.io.InParallel;
import dev.twoliter.rpm.internal.pgp.PublicKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks the digests and signatures of packages, as {@code rpm -K} does, against given keys. Of a key only what its
 * owner has signed is believed. Whether it has expired is judged at the time of the signature unless told otherwise, so
 * the answer never depends on the clock. Immutable, thread-safe.
 */
public final class RpmVerifier {
    private final PublicKeys keys;
    private final VerifyPolicy policy;
    private final @Nullable Instant at;

    private RpmVerifier(PublicKeys keys, VerifyPolicy policy, @Nullable Instant at) {
        this.keys = keys;
        this.policy = policy;
        this.at = at;
    }

    /**
     * Reads the keys to trust. The policy is {@link VerifyPolicy#STRICT}.
     *
     * @param publicKeys files with OpenPGP public keys, armoured or binary; each may hold several
     * @return the verifier
     * @throws SigningException if a file holds no public key
     * @throws StorageException if one cannot be read
     */
    public static RpmVerifier withKeys(List<Path> publicKeys) {
        return new RpmVerifier(PublicKeys.read(publicKeys), VerifyPolicy.STRICT, null);
    }

    /** {@return a verifier that checks digests and trusts no key} */
    public static RpmVerifier withoutKeys() {
        return withKeys(List.of());
    }

    /**
     * Changes the policy.
     *
     * @param policy which findings make a package good
     * @return the changed verifier
     */
    public RpmVerifier policy(VerifyPolicy policy) {
        return new RpmVerifier(keys, Objects.requireNonNull(policy, "policy"), at);
    }

    /**
     * Judges keys and signatures at a point in time.
     *
     * @param time when they must be valid, instead of at the time of each signature
     * @return the changed verifier
     */
    public RpmVerifier at(Instant time) {
        return new RpmVerifier(keys, policy, Objects.requireNonNull(time, "time"));
    }

    /**
     * Checks a package; it is read once, in pieces. A package that is malformed or cut off is a finding, no error.
     *
     * @param rpm the package
     * @return what was found
     * @throws StorageException if it cannot be read
     */
    public RpmVerification verify(Path rpm) {
        try (FileChannel in = FileChannel.open(rpm)) {
            return Verification.begin(rpm, in).finish(keys, at, policy, null);
        } catch (FormatException e) {
            return new RpmVerification(
                    rpm, Verdict.BAD, List.of(), List.of(), Optional.of(String.valueOf(e.getMessage())));
        } catch (IOException e) {
            throw StorageException.of("read", rpm, e);
        }
    }

    /**
     * Checks many packages in parallel.
     *
     * @param rpms the packages
     * @param jobs how many at a time, 1 or more; each takes about 200 KiB of memory besides its headers
     * @param done is told of each one, on the threads that work
     * @return what was found, in the order of the packages
     * @throws StorageException if one cannot be read; the others have been checked then
     */
    public List<RpmVerification> verify(List<Path> rpms, int jobs, Consumer<RpmVerification> done) {
        return InParallel.map(rpms, jobs, rpm -> {
            RpmVerification found = verify(rpm);
            done.accept(found);
            return found;
        });
    }

    /**
     * Refuses a package unless a trusted key signed it and all digests are right; the policy may be milder.
     *
     * @param rpm the package
     * @throws VerificationException naming the file, what is wrong and what to do
     * @throws StorageException if it cannot be read
     */
    public void require(Path rpm) {
        RpmVerification found = verify(rpm);
        switch (found.verdict()) {
            case OK -> {}
            case BAD -> throw damaged(found);
            case UNSIGNED -> {
                if (!policy.acceptsUnsigned()) {
                    throw new VerificationException(
                            rpm.toString(),
                            "the package is not signed",
                            "Sign it, or do not require signatures for it.");
                }
            }
            case NO_KEY ->
                throw new VerificationException(
                        rpm.toString(),
                        "the package is signed by the unknown key "
                                + found.signatures().get(0).keyId(),
                        "Add that key to the trusted keys if you trust its owner.");
        }
    }

    static VerificationException damaged(RpmVerification found) {
        StringBuilder what = new StringBuilder();
        found.problem().ifPresent(problem -> what.append(", ").append(problem));
        found.digests().stream()
                .filter(d -> d.result() != Result.OK && d.result() != Result.ABSENT)
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

    static String words(Result result) {
        return switch (result) {
            case OK -> "good";
            case BAD -> "wrong";
            case MISSING_KEY -> "by an unknown key";
            case EXPIRED -> "by a key that was not valid then";
            case REVOKED -> "by a revoked key";
            case UNSUPPORTED -> "of an unknown or a weak kind";
            case ABSENT -> "missing";
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
        return keys.verifyDetached(content, signature, at);
    }
}
