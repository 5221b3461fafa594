package dev.twoliter.oci;

import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.keys.EcKeys;
import dev.twoliter.oci.internal.keys.NewFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes and reads the files of P-256 keys that images are signed with, in the forms that cosign and openssl have for them
 * (publishing.md 10.3).
 */
public final class ImageKeys {

    private ImageKeys() {}

    /**
     * Makes a key pair that is not encrypted; see {@link #generate(KeyFile, Path)}.
     *
     * @param privateFile where the private key goes
     * @param publicFile where the public key goes
     */
    public static void generate(Path privateFile, Path publicFile) {
        generate(KeyFile.of(privateFile), publicFile);
    }

    /**
     * Makes a key pair. Each file appears whole or not at all, and nothing is overwritten.
     *
     * @param privateFile where the private key goes, readable by its owner only: with a passphrase as cosign encrypts it
     *     ({@code ENCRYPTED SIGSTORE PRIVATE KEY}), so that cosign signs with it too; without one as PKCS#8, which
     *     openssl reads and cosign does not
     * @param publicFile where the public key goes (SPKI, PEM)
     * @throws SigningException if one of the files is there already; neither is left then
     * @throws StorageException if a file cannot be written
     */
    public static void generate(KeyFile privateFile, Path publicFile) {
        NewFile.requireAbsent(privateFile.path());
        NewFile.requireAbsent(publicFile);
        ImageSigningKey key = ImageSigningKey.generate();
        NewFile.write(privateFile.path(), key.toPem(privateFile.passphrase().get()), true);
        try {
            NewFile.write(publicFile, key.publicKey().toPem(), false);
        } catch (SigningException | StorageException e) {
            discard(privateFile.path(), e);
            throw e;
        }
    }

    /** A private key whose public half nobody has is of no use, and would be in the way the next time. */
    private static void discard(Path file, RuntimeException why) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /**
     * Reads a private key in PEM: PKCS#8 ({@code PRIVATE KEY}), encrypted PKCS#8 ({@code ENCRYPTED PRIVATE KEY} with
     * PBKDF2 and AES), SEC 1 ({@code EC PRIVATE KEY}), or cosign's encrypted form ({@code ENCRYPTED SIGSTORE
     * PRIVATE KEY}, formerly {@code ENCRYPTED COSIGN PRIVATE KEY}; up to 128 MiB of memory for a moment).
     *
     * @param file the file; its passphrase is asked for only when it is encrypted, and may be empty
     * @return the key
     * @throws SigningException if it is not a P-256 private key, or the passphrase is wrong
     */
    public static ImageSigningKey load(KeyFile file) {
        try {
            return new ImageSigningKey(EcKeys.readPrivate(file));
        } catch (IllegalArgumentException e) {
            throw EcKeys.damaged(file.path(), e);
        }
    }

    /**
     * Reads a public key.
     *
     * @param file an SPKI PEM file, such as {@code cosign.pub}
     * @return the key
     * @throws SigningException if it is not a P-256 public key
     */
    public static ImagePublicKey loadPublic(Path file) {
        return new ImagePublicKey(file.toString(), EcKeys.readPublic(file));
    }
}
