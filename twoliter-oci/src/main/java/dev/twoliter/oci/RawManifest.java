package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import java.util.Objects;

/** A manifest or index as it is stored, to the byte: digests are over these bytes. Immutable, thread-safe. */
public final class RawManifest {

    private final String mediaType;
    private final byte[] bytes;
    private final Digest digest;

    private RawManifest(String mediaType, byte[] bytes) {
        this.mediaType = Objects.requireNonNull(mediaType, "mediaType");
        this.bytes = bytes.clone();
        this.digest = Digest.ofBytes(bytes);
    }

    /**
     * Wraps bytes.
     *
     * @param mediaType what they are
     * @param bytes the manifest
     * @return the manifest
     */
    public static RawManifest of(String mediaType, byte[] bytes) {
        return new RawManifest(mediaType, bytes);
    }

    /** {@return what it is} */
    public String mediaType() {
        return mediaType;
    }

    /** {@return a copy of the bytes} */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** {@return the SHA-256 of the bytes} */
    public Digest digest() {
        return digest;
    }

    /** {@return a descriptor of it} */
    public Descriptor descriptor() {
        return Descriptor.of(mediaType, digest, bytes.length);
    }
}
