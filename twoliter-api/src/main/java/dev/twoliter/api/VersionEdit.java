package dev.twoliter.api;

import java.util.Objects;

/**
 * A version in Twoliter.toml that an upgrade raises. Immutable, thread-safe.
 *
 * @param keyPath where it is, such as {@code kit[1].version}
 * @param name the kit's or SDK's name
 * @param before what is written there
 * @param after what will be
 */
public record VersionEdit(String keyPath, String name, SemVer before, SemVer after) {

    public VersionEdit {
        Objects.requireNonNull(keyPath, "keyPath");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
    }

    /** {@return the edit in words, such as {@code kit[1].version of core-kit: 13.1.0 -> 13.2.0}} */
    @Override
    public String toString() {
        return keyPath + " of " + name + ": " + before + " -> " + after;
    }
}
