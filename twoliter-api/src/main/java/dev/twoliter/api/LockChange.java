package dev.twoliter.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One difference between the lock on disk and the resolved one. Immutable, thread-safe.
 *
 * @param name the image's name
 * @param vendor the vendor's name
 * @param beforeOrNull what was locked, or null when it is new
 * @param afterOrNull what is resolved, or null when it is gone
 */
public record LockChange(
        String name,
        String vendor,
        @Nullable LockedImage beforeOrNull,
        @Nullable LockedImage afterOrNull) {

    public LockChange {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(vendor, "vendor");
    }

    /** {@return the change in words, such as {@code base-kit 2.0.0 -> 2.1.0}} */
    @Override
    public String toString() {
        if (beforeOrNull == null) {
            return name + " added" + (afterOrNull == null ? "" : " at " + afterOrNull.version());
        }
        if (afterOrNull == null) {
            return name + " " + beforeOrNull.version() + " removed";
        }
        if (!beforeOrNull.version().equals(afterOrNull.version())) {
            return name + " " + beforeOrNull.version() + " -> " + afterOrNull.version();
        }
        if (!beforeOrNull.source().equals(afterOrNull.source())) {
            return name + " " + afterOrNull.version() + ": from " + afterOrNull.source() + " instead of "
                    + beforeOrNull.source();
        }
        return name + " " + afterOrNull.version() + ": published anew with other content";
    }
}
