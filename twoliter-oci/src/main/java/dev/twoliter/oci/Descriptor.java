package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names content by type, digest and size (OCI image specification 1.1, "Content Descriptors"). Immutable, thread-safe.
 *
 * @param mediaType what it is
 * @param digest its digest
 * @param size its size in bytes, 0 or more
 * @param platformOrNull what it runs on, or null
 * @param annotations annotations by name
 */
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        @Nullable Platform platformOrNull,
        Map<String, String> annotations) {

    public Descriptor {
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(digest, "digest");
        if (size < 0) {
            throw new IllegalArgumentException("a size is 0 or more, but is " + size);
        }
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /**
     * Names content without platform and annotations.
     *
     * @param mediaType what it is
     * @param digest its digest
     * @param size its size in bytes
     * @return the descriptor
     */
    public static Descriptor of(String mediaType, Digest digest, long size) {
        return new Descriptor(mediaType, digest, size, null, Map.of());
    }

    /**
     * Names some bytes.
     *
     * @param mediaType what they are
     * @param bytes the content
     * @return the descriptor
     */
    public static Descriptor of(String mediaType, byte[] bytes) {
        return of(mediaType, Digest.ofBytes(bytes), bytes.length);
    }

    /** {@return what it runs on, if that is said} */
    public Optional<Platform> platform() {
        return Optional.ofNullable(platformOrNull);
    }

    /**
     * {@return this descriptor with a platform}
     *
     * @param platform what it runs on
     */
    public Descriptor withPlatform(Platform platform) {
        return new Descriptor(mediaType, digest, size, platform, annotations);
    }

    /**
     * {@return this descriptor with other annotations}
     *
     * @param values all of them
     */
    public Descriptor withAnnotations(Map<String, String> values) {
        return new Descriptor(mediaType, digest, size, platformOrNull, values);
    }
}
