package dev.twoliter.api;

import java.util.Objects;
import java.util.Optional;

/**
 * An external kit that a project names in Twoliter.toml. Immutable, thread-safe.
 *
 * @param name the kit's name, letters, digits, {@code _} and {@code -}
 * @param version which versions it takes; the lock pins one
 * @param vendor the vendor that publishes it
 */
public record KitDependency(String name, VersionRequirement version, String vendor) {

    public KitDependency {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(vendor, "vendor");
    }

    /** {@return the one image that it can be; empty when the requirement leaves a choice} */
    public Optional<ImageDependency> exact() {
        return version.exact().map(only -> new ImageDependency(name, only, vendor));
    }

    /** {@return {@code NAME-VERSION@VENDOR}} */
    @Override
    public String toString() {
        return name + "-" + version + "@" + vendor;
    }
}
