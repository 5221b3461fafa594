package dev.twoliter.api;

import java.util.List;
import java.util.Objects;

/**
 * What Twoliter.lock pins. Immutable, thread-safe.
 *
 * @param schemaVersion 1 or 2; 2 is written
 * @param projectVendor the project vendor; {@code Bottlerocket} in a lock of schema 1
 * @param sdk the one SDK
 * @param kits every external kit, needed directly or not, breadth-first in the order they were met
 */
public record Lock(int schemaVersion, String projectVendor, LockedImage sdk, List<LockedImage> kits) {

    public Lock {
        Objects.requireNonNull(projectVendor, "projectVendor");
        Objects.requireNonNull(sdk, "sdk");
        kits = List.copyOf(kits);
    }

    /**
     * Compares two locks.
     *
     * @param before the older one
     * @return what is different in this one: the SDK first, then kits in the order of this lock, then those that are gone
     */
    public List<LockChange> changesSince(Lock before) {
        return LockChange.between(Objects.requireNonNull(before, "before"), this);
    }
}
