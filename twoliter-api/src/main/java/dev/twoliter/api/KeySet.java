package dev.twoliter.api;

import java.nio.file.Path;

/**
 * The files of {@link Twoliter#generateKeys}. Immutable, thread-safe.
 *
 * @param rpmSecret the OpenPGP secret key that signs RPMs, armoured, readable by its owner only
 * @param rpmPublic the OpenPGP public key, armoured
 * @param imagePrivate the P-256 key that signs images, PEM (PKCS#8, or as cosign encrypts it), readable by its owner only
 * @param imagePublic its public half, PEM, as cosign takes it
 */
public record KeySet(Path rpmSecret, Path rpmPublic, Path imagePrivate, Path imagePublic) {

    /**
     * {@return the keys of a directory, by the names that {@link Twoliter#generateKeys} gives them; they need not be
     * there}
     *
     * @param directory the directory
     */
    public static KeySet in(Path directory) {
        return new KeySet(
                directory.resolve("rpm.secret.asc"),
                directory.resolve("rpm.asc"),
                directory.resolve("image.secret.pem"),
                directory.resolve("image.pub"));
    }

    /** {@return the RPM key for signing; one without a passphrase} */
    public KeyFile rpmKey() {
        return KeyFile.of(rpmSecret);
    }

    /** {@return the image key for signing; one without a passphrase} */
    public KeyFile imageKey() {
        return KeyFile.of(imagePrivate);
    }
}
