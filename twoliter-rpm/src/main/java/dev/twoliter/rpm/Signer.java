package dev.twoliter.rpm;

import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.rpm.internal.pgp.RemoteKey;
import dev.twoliter.rpm.internal.pgp.SecretKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * Whatever holds an OpenPGP key that signs: a key file, gpg and its agent, a smart card, a key management service. It
 * must be thread-safe: packages are signed in parallel.
 *
 * <pre>{@code
 * Signer gpg = (content, time) -> {
 *     Process process = new ProcessBuilder("gpg", "--batch", "-u", "acme", "--detach-sign").start();
 *     try (OutputStream in = process.getOutputStream()) {
 *         content.transferTo(in);
 *     }
 *     return process.getInputStream().readAllBytes();
 * };
 * }</pre>
 */
@FunctionalInterface
public interface Signer {

    /**
     * Signs.
     *
     * @param content what to sign; to be read to its end, not to be closed
     * @param time when the signature is made; one that cannot choose takes its own time
     * @return one binary signature packet over binary content (type 0x00), not armoured
     * @throws SigningException if the key cannot be used
     * @throws IOException if the content cannot be read, or whatever holds the key cannot be reached
     */
    byte[] sign(InputStream content, Instant time) throws IOException;

    /**
     * Signs with a key file. The same content and time give the same signature.
     *
     * @param key an OpenPGP secret key, RSA of 2,048 bits and more or Ed25519, armoured or binary; a subkey for signing
     *     is preferred, the newest first
     * @return the signer
     * @throws SigningException if there is no usable key in it or the passphrase is wrong
     * @throws StorageException if it cannot be read
     */
    static Signer openPgp(KeyFile key) {
        return SecretKey.open(key);
    }

    /**
     * Signs with a key that never leaves where it is, such as a PKCS #11 token or a key management service.
     *
     * @param publicKey its public half, as OpenPGP; RSA or Ed25519
     * @param digests takes the SHA-256 digest to sign, and returns the signature: for RSA that of PKCS #1 v1.5 with
     *     SHA-256, for Ed25519 the 64 bytes over the digest as message
     * @return the signer
     * @throws SigningException if there is no key that may sign in the file
     * @throws StorageException if it cannot be read
     */
    static Signer overDigests(Path publicKey, UnaryOperator<byte[]> digests) {
        return RemoteKey.of(publicKey, digests);
    }
}
