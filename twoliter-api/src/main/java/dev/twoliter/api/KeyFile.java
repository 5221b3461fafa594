package dev.twoliter.api;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A secret key on disk: an OpenPGP secret key (armoured or binary) for RPMs, or a P-256 key (PEM: PKCS#8, SEC 1,
 * or as cosign encrypts it) for images.
 * Immutable; the supplier is called on the thread that signs. It never shows the passphrase.
 *
 * @param path the file
 * @param passphrase called once for each use of the key; an empty array means that the key is not encrypted
 */
public record KeyFile(Path path, Supplier<char[]> passphrase) {

    public KeyFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(passphrase, "passphrase");
    }

    /**
     * Names a key that is not encrypted.
     *
     * @param path the file
     * @return the key
     */
    public static KeyFile of(Path path) {
        return new KeyFile(path, () -> new char[0]);
    }

    /**
     * Names an encrypted key.
     *
     * @param path the file
     * @param passphrase see {@link #passphrase()}
     * @return the key
     */
    public static KeyFile of(Path path, Supplier<char[]> passphrase) {
        return new KeyFile(path, passphrase);
    }

    /** {@return the path only} */
    @Override
    public String toString() {
        return "KeyFile[" + path + "]";
    }
}
