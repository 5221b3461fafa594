package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A layer that has been written to a file. Immutable, thread-safe.
 *
 * @param file the file
 * @param descriptor its type, digest and size
 * @param diffId the digest of the uncompressed tar
 */
public record Layer(Path file, Descriptor descriptor, Digest diffId) {
    public Layer {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(descriptor, "descriptor");
        Objects.requireNonNull(diffId, "diffId");
    }
}
