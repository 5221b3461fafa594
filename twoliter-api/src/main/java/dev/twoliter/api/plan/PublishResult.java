package dev.twoliter.api.plan;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.ImageRef;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What was published. Immutable, thread-safe.
 *
 * @param reference the index, by tag and digest; the first image when only images were published
 * @param images the digest of each architecture's image, also of those that the index took up from the registry
 * @param signatures the signatures, by tag
 */
public record PublishResult(ImageRef reference, Map<Arch, Digest> images, List<ImageRef> signatures) {
    public PublishResult {
        Objects.requireNonNull(reference, "reference");
        EnumMap<Arch, Digest> copy = new EnumMap<>(Arch.class);
        copy.putAll(images);
        images = Collections.unmodifiableMap(copy);
        signatures = List.copyOf(signatures);
    }
}
