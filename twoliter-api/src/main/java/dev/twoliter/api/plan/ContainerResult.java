package dev.twoliter.api.plan;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.ImageRef;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The twoliter container that was made. Immutable, thread-safe.
 *
 * @param sdk the SDK that it is made on, by the digest of its index
 * @param images the digest of each architecture's image
 * @param referenceOrNull the index over them, by tag and digest; null when it went into a file
 * @param archiveOrNull the file, or null when it went into a store
 */
public record ContainerResult(
        ImageRef sdk,
        Map<Arch, Digest> images,
        @Nullable ImageRef referenceOrNull,
        @Nullable Path archiveOrNull) {

    public ContainerResult {
        Objects.requireNonNull(sdk, "sdk");
        EnumMap<Arch, Digest> copy = new EnumMap<>(Arch.class);
        copy.putAll(images);
        images = Collections.unmodifiableMap(copy);
    }

    /** {@return the index, by tag and digest, if it went into a store} */
    public Optional<ImageRef> reference() {
        return Optional.ofNullable(referenceOrNull);
    }

    /** {@return the file, if it went into one} */
    public Optional<Path> archive() {
        return Optional.ofNullable(archiveOrNull);
    }
}
