package dev.twoliter.rpm;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.rpm.internal.io.InParallel;
import dev.twoliter.rpm.internal.pgp.PacketInfo;
import dev.twoliter.rpm.internal.pgp.PublicHalf;
import dev.twoliter.rpm.internal.pgp.PublicKeys;
import dev.twoliter.rpm.internal.pgp.SecretKey;
import dev.twoliter.rpm.internal.pgp.SignatureChecker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Signs packages and files with one OpenPGP key. A signature covers the header; the header holds the payload's digest.
 * Immutable, thread-safe: many packages may be signed at a time.
 *
 * <p>Signing checks a package's digests first and changes nothing but the signature header; header, payload and, where
 * the reserved space allows, the file's size stay as they are. A package is written anew beside the old one while its
 * digests are checked, and takes its place at once: whatever happens, there is the old file or the new one. Other names
 * of the old file (hard links) keep the old content.
 */
public final class RpmSigner {
    private final Signer signer;
    private final PublicHalf publicHalf;
    private final @Nullable PublicKeys check; // for signers that are not ours

    private RpmSigner(Signer signer, PublicHalf publicHalf, @Nullable PublicKeys check) {
        this.signer = signer;
        this.publicHalf = publicHalf;
        this.check = check;
    }

    /**
     * Reads a key, see {@link Signer#openPgp}.
     *
     * @param file an OpenPGP secret key, RSA or Ed25519, armoured or binary; a signing subkey is preferred
     * @return the signer
     * @throws SigningException if there is no usable key in it or the passphrase is wrong
     * @throws StorageException if it cannot be read
     */
    public static RpmSigner open(KeyFile file) {
        SecretKey key = SecretKey.open(file);
        return new RpmSigner(key, new PublicHalf(key.publicKeyArmored(), key.keyId()), null);
    }

    /**
     * Uses a key that something else holds. What it makes is checked with the public half before it gets into a package.
     *
     * @param signer makes the signatures
     * @param publicKey a file with the public half of its key
     * @return the signer
     * @throws SigningException if there is no key that may sign in the file
     * @throws StorageException if it cannot be read
     */
    public static RpmSigner of(Signer signer, Path publicKey) {
        return new RpmSigner(
                Objects.requireNonNull(signer, "signer"),
                PublicHalf.read(publicKey),
                PublicKeys.read(List.of(publicKey)));
    }

    /**
     * Signs a package as of its build time, see {@link #sign(Path, SigningOptions)}.
     *
     * @param rpm the package
     */
    public void sign(Path rpm) {
        sign(rpm, SigningOptions.defaults());
    }

    /**
     * Replaces all signatures of a package, see {@link #sign(Path, SigningOptions)}.
     *
     * @param rpm the package
     * @param time the signature's time; the key's creation time if that is later
     */
    public void sign(Path rpm, Instant time) {
        sign(rpm, SigningOptions.defaults().time(time));
    }

    /**
     * Signs a package.
     *
     * @param rpm the package
     * @param options how
     * @throws VerificationException if the package is damaged, or its header has no digest of the payload
     * @throws FormatException if it is not an RPM, or is cut off or malformed
     * @throws SigningException if the key cannot be used
     * @throws StorageException if it cannot be read or written
     */
    public void sign(Path rpm, SigningOptions options) {
        Resigning.sweepBeside(List.of(rpm));
        replaceSignatures(rpm, options);
    }

    private void replaceSignatures(Path rpm, SigningOptions options) {
        new Resigning(rpm).run((intact, file) -> {
            if (!intact.header().has(RpmTag.PAYLOADDIGEST) && !options.signsPayload()) {
                throw new VerificationException(
                        rpm.toString(),
                        "the header has no digest of the payload, so a signature of the header would not cover it",
                        "Sign header and payload together, or build the package with rpm 4.14 or later.");
            }
            Instant time = options.time().orElseGet(() -> Instant.ofEpochSecond(intact.buildTime()));
            SignatureSet signatures = SignatureSet.of(intact.signatureHeader());
            if (!options.keepsOthers()) {
                signatures.clear();
            }
            signatures.add(signed(intact.header().blob(), time));
            if (options.signsPayload()) {
                signatures.addWhole(signer.sign(file, time));
            }
            return signatures.toBlob();
        });
    }

    private byte[] signed(byte[] content, Instant time) throws IOException {
        byte[] packet = signer.sign(new ByteArrayInputStream(content), time);
        if (check != null) {
            SignatureChecker checker = check.checker(packet, null);
            checker.update(content, 0, content.length);
            RpmVerification.Result result = checker.result();
            if (result != RpmVerification.Result.OK) {
                throw new SigningException(
                        "the signer returned no valid signature by " + keyId() + " but one that is "
                                + RpmVerifier.words(result),
                        "Its public key must be that of the key that signs.",
                        null);
            }
        }
        return packet;
    }

    /**
     * Signs many packages in parallel.
     *
     * @param rpms the packages
     * @param options how
     * @param jobs how many at a time, 1 or more; each takes about 200 KiB of memory besides the headers
     * @param done is told of each one that has been signed, on the threads that work
     * @throws VerificationException if a package is damaged; this and the following: the others have been signed then,
     *     and further failures are suppressed exceptions
     * @throws FormatException if one is malformed
     * @throws SigningException if the key cannot be used
     * @throws StorageException if one cannot be read or written
     */
    public void sign(List<Path> rpms, SigningOptions options, int jobs, Consumer<Path> done) {
        Resigning.sweepBeside(rpms);
        InParallel.map(rpms, jobs, rpm -> {
            replaceSignatures(rpm, options);
            done.accept(rpm);
            return rpm;
        });
    }

    /**
     * Removes all signatures of a package. Its digests are checked first, and it is written as in signing.
     *
     * @param rpm the package
     * @throws VerificationException if the package is damaged
     * @throws FormatException if it is not an RPM, or is cut off or malformed
     * @throws StorageException if it cannot be read or written
     */
    public static void removeSignatures(Path rpm) {
        removeSignatures(List.of(rpm), 1, one -> {});
    }

    private static void remove(Path rpm) {
        new Resigning(rpm)
                .run((intact, file) ->
                        SignatureSet.of(intact.signatureHeader()).clear().toBlob());
    }

    /**
     * Removes all signatures of many packages in parallel.
     *
     * @param rpms the packages
     * @param jobs how many at a time, 1 or more
     * @param done is told of each one that has been done, on the threads that work
     */
    public static void removeSignatures(List<Path> rpms, int jobs, Consumer<Path> done) {
        Resigning.sweepBeside(rpms);
        InParallel.map(rpms, jobs, rpm -> {
            remove(rpm);
            done.accept(rpm);
            return rpm;
        });
    }

    /**
     * Makes a detached signature, as for {@code repomd.xml.asc}.
     *
     * @param content what to sign; read to its end
     * @param time the signature's time; the key's creation time if that is later
     * @return the armoured signature
     * @throws IOException if the content cannot be read
     */
    public String detached(InputStream content, Instant time) throws IOException {
        byte[] packet = signer.sign(content, time);
        PacketInfo.require(packet);
        return PacketInfo.armor(packet);
    }

    /**
     * Makes a detached signature.
     *
     * @param content what to sign
     * @param time the signature's time; the key's creation time if that is later
     * @return the armoured signature
     * @throws StorageException if whatever holds the key cannot be reached
     */
    public String detached(byte[] content, Instant time) {
        try (InputStream in = new ByteArrayInputStream(content)) {
            return detached(in, time);
        } catch (IOException e) {
            throw StorageException.of("sign", "a detached signature", e);
        }
    }

    /** {@return the public key, armoured, as a {@code gpgkey=} file holds it} */
    public String publicKeyArmored() {
        return publicHalf.armored();
    }

    /** {@return the id of the key that signs: 16 lower-case hexadecimal digits} */
    public String keyId() {
        return publicHalf.keyId();
    }
}
