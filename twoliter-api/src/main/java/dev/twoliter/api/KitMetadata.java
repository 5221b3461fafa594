package dev.twoliter.api;

import java.util.List;
import java.util.Objects;

/**
 * What a kit's image says of itself in its label (project-formats.md 3.2). Immutable, thread-safe.
 *
 * @param name the kit's name
 * @param version its version
 * @param sdk the SDK that it was made with
 * @param kits the kits that it needs
 */
public record KitMetadata(String name, SemVer version, ImageDependency sdk, List<ImageDependency> kits) {
    public KitMetadata {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(sdk, "sdk");
        kits = List.copyOf(kits);
    }
}
