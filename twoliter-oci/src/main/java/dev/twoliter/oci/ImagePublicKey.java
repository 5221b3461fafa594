package dev.twoliter.oci;

import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Objects;

/** A P-256 public key that signatures of images are checked with. Immutable, thread-safe. */
public final class ImagePublicKey {

    private final Path file;
    private final PublicKey key;

    ImagePublicKey(Path file, PublicKey key) {
        this.file = Objects.requireNonNull(file);
        this.key = Objects.requireNonNull(key);
    }

    PublicKey key() {
        return key;
    }

    /** {@return the file it was read from} */
    public Path file() {
        return file;
    }

    /** {@return the file it was read from} */
    @Override
    public String toString() {
        return file.toString();
    }
}
