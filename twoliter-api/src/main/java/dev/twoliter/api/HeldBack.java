package dev.twoliter.api;

import java.util.Objects;

/**
 * A kit that an update could not give its newest version. Immutable, thread-safe.
 *
 * @param name the kit's name
 * @param vendor its vendor
 * @param chosen the version that it got
 * @param newest the newest version that was looked at: of those that Twoliter.toml takes, or where the kit got the newest
 *     of them, of all that are published
 * @param because why it did not get it, in words, such as {@code core-kit 13.2.0 needs SDK acme-sdk 0.72.0; kernel-kit
 *     5.1.0 needs SDK acme-sdk 0.70.0}
 */
public record HeldBack(String name, String vendor, SemVer chosen, SemVer newest, String because) {

    public HeldBack {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(vendor, "vendor");
        Objects.requireNonNull(chosen, "chosen");
        Objects.requireNonNull(newest, "newest");
        Objects.requireNonNull(because, "because");
    }

    /** {@return {@code NAME NEWEST is held back: REASONS}} */
    @Override
    public String toString() {
        return name + " " + newest + " is held back: " + because;
    }
}
