package dev.twoliter.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One table of Twoliter.override: where this machine gets an image from instead of its vendor's registry. The lock keeps
 * naming the vendor's. Immutable, thread-safe.
 *
 * @param vendor the vendor's name
 * @param image the SDK's or kit's name
 * @param registryOrNull the other registry, or null to keep the vendor's
 * @param nameOrNull the other repository name, or null to keep the image's
 */
public record ImageOverride(
        String vendor,
        String image,
        @Nullable String registryOrNull,
        @Nullable String nameOrNull) {

    public ImageOverride {
        Objects.requireNonNull(vendor, "vendor");
        Objects.requireNonNull(image, "image");
    }
}
