package dev.twoliter.api;

import java.util.Objects;

/**
 * An SDK or kit in Twoliter.lock. Immutable, thread-safe.
 *
 * @param name the image's name
 * @param version the exact version
 * @param vendor the vendor's name
 * @param source {@code REGISTRY/NAME:vVERSION}, the vendor's own even where an override is in force
 * @param digest base64 of the SHA-256 of the image index in canonical JSON; <em>not</em> the registry's digest
 *     (project-formats.md 2.3)
 */
public record LockedImage(String name, SemVer version, String vendor, String source, String digest) {

    public LockedImage {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(vendor, "vendor");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(digest, "digest");
    }

    /** {@return what identifies it to people: {@code NAME-VERSION@VENDOR}} */
    @Override
    public String toString() {
        return name + "-" + version + "@" + vendor;
    }
}
