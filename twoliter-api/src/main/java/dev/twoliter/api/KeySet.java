package dev.twoliter.api;

import java.nio.file.Path;

/**
 * The files of {@link Twoliter#generateKeys}. Immutable, thread-safe.
 *
 * @param rpmSecret the OpenPGP secret key that signs RPMs, armoured, readable by its owner only
 * @param rpmPublic the OpenPGP public key, armoured
 * @param imagePrivate the P-256 key that signs images, PEM (PKCS#8, or as cosign encrypts it), readable by its owner only
 * @param imagePublic its public half, PEM, as cosign takes it
 * @param secureBoot the directory of the Secure Boot profile, with the file names of upstream's: {@code PK.crt},
 *     {@code shim-sign.key}, {@code config-sign.key}, {@code efi-vars.json} and so on
 */
public record KeySet(Path rpmSecret, Path rpmPublic, Path imagePrivate, Path imagePublic, Path secureBoot) {

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
                directory.resolve("image.pub"),
                directory);
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
