package dev.twoliter.oci;

import java.util.Objects;

/**
 * A blob that shall be in a repository.
 *
 * @param descriptor its digest and size
 * @param source its content
 */
public record BlobUpload(Descriptor descriptor, BlobSource source) {
    public BlobUpload {
        Objects.requireNonNull(descriptor, "descriptor");
        Objects.requireNonNull(source, "source");
    }
}
