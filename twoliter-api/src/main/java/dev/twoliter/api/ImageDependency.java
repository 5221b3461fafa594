package dev.twoliter.api;

import java.util.Objects;

/**
 * One version of an SDK or kit, as a project or a kit names what it needs. Immutable, thread-safe.
 *
 * @param name the image's name, letters, digits, {@code _} and {@code -}
 * @param version the exact version
 * @param vendor the vendor that publishes it
 */
public record ImageDependency(String name, SemVer version, String vendor) {

    public ImageDependency {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(vendor, "vendor");
    }

    /** {@return {@code NAME-VERSION@VENDOR}} */
    @Override
    public String toString() {
        return name + "-" + version + "@" + vendor;
    }
}
