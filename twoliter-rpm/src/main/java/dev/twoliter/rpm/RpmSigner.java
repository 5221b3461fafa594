package dev.twoliter.rpm;

import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.rpm.internal.io.AtomicFile;
import dev.twoliter.rpm.internal.pgp.SecretKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Signs packages and files with one OpenPGP key, which is read once. The same key, content and time give the same
 * bytes. A signature covers the header; the header holds the payload's digest. Immutable, thread-safe: many packages
 * may be signed at a time.
 */
public final class RpmSigner {
    private final SecretKey key;

    private RpmSigner(SecretKey key) {
        this.key = key;
    }

    /**
     * Reads a key.
     *
     * @param file an OpenPGP secret key, RSA or Ed25519, armoured or binary; a signing subkey is preferred
     * @return the signer
     * @throws SigningException if there is no usable key in it or the passphrase is wrong
     * @throws StorageException if it cannot be read
     */
    public static RpmSigner open(KeyFile file) {
        return new RpmSigner(SecretKey.open(file));
    }

    /**
     * Signs a package as of its build time, see {@link #sign(Path, Instant)}.
     *
     * @param rpm the package
     */
    public void sign(Path rpm) {
        RpmPackage read = RpmPackage.open(rpm);
        sign(read, Instant.ofEpochSecond(read.buildTime()));
    }

    /**
     * Replaces all signatures of a package by one of this key. Its digests are checked first; header and payload keep
     * every byte, and so does the file's size where the reserved space allows. The signed file replaces the unsigned
     * one at once.
     *
     * @param rpm the package
     * @param time the signature's time; the key's creation time if that is later
     * @throws VerificationException if the package is damaged, or its header has no digest of the payload
     * @throws StorageException if it cannot be read or written
     */
    public void sign(Path rpm, Instant time) {
        sign(RpmPackage.open(rpm), time);
    }

    private void sign(RpmPackage rpm, Instant time) {
        RpmVerifier.withoutKeys().requireIntact(rpm.file());
        if (!rpm.header().has(RpmTag.PAYLOADDIGEST)) {
            throw new VerificationException(
                    rpm.file().toString(),
                    "the header has no digest of the payload, so a signature of the header would not cover it",
                    "Build the package with rpm 4.14 or later.");
        }
        byte[] signature;
        try (InputStream header = new ByteArrayInputStream(rpm.header().blob())) {
            signature = key.sign(header, time);
        } catch (IOException e) {
            throw StorageException.of("sign", rpm.file(), e);
        }
        byte[] blob = SignatureHeader.withSignature(
                rpm.signatureHeader(), key.isRsa() ? RpmTag.SIG_RSA : RpmTag.SIG_DSA, signature);
        try {
            replaceSignatureHeader(rpm, blob);
        } catch (IOException e) {
            throw StorageException.of("write", rpm.file(), e);
        }
    }

    private static void replaceSignatureHeader(RpmPackage rpm, byte[] blob) throws IOException {
        Path file = rpm.file().toRealPath();
        try (FileChannel in = FileChannel.open(file);
                AtomicFile out = AtomicFile.create(file)) {
            transfer(in, 0, RpmPackage.LEAD_BYTES, out.channel());
            ByteBuffer padded = ByteBuffer.wrap(java.util.Arrays.copyOf(blob, blob.length + (-blob.length & 7)));
            while (padded.hasRemaining()) {
                out.channel().write(padded);
            }
            transfer(in, rpm.headerStart(), in.size(), out.channel());
            out.permissions(Files.getPosixFilePermissions(file));
            out.commit();
        }
    }

    private static void transfer(FileChannel in, long from, long to, FileChannel out) throws IOException {
        long position = from;
        while (position < to) {
            long moved = in.transferTo(position, to - position, out);
            if (moved <= 0) {
                throw new IOException("the file became shorter while it was copied");
            }
            position += moved;
        }
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
        return key.detached(content, time);
    }

    /**
     * Makes a detached signature.
     *
     * @param content what to sign
     * @param time the signature's time; the key's creation time if that is later
     * @return the armoured signature
     */
    public String detached(byte[] content, Instant time) {
        try (InputStream in = new ByteArrayInputStream(content)) {
            return detached(in, time);
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail to be read", e);
        }
    }

    /** {@return the public key, armoured, as a {@code gpgkey=} file holds it} */
    public String publicKeyArmored() {
        return key.publicKeyArmored();
    }

    /** {@return the id of the key that signs: 16 lower-case hexadecimal digits} */
    public String keyId() {
        return key.keyId();
    }
}
