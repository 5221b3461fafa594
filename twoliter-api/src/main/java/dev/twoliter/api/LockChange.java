package dev.twoliter.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One difference between two locks. Immutable, thread-safe.
 *
 * @param name the image's name
 * @param vendor the vendor's name
 * @param beforeOrNull what the older one pins, or null when it is new
 * @param afterOrNull what the newer one pins, or null when it is gone
 * @param neededBy the kits that brought the newer one, {@code NAME VERSION}; empty for the SDK and for kits that the
 *     project names itself, and where two files are compared, which do not say it
 */
public record LockChange(
        String name,
        String vendor,
        @Nullable LockedImage beforeOrNull,
        @Nullable LockedImage afterOrNull,
        List<String> neededBy) {

    public LockChange {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(vendor, "vendor");
        neededBy = List.copyOf(neededBy);
    }

    static List<LockChange> between(Lock before, Lock after) {
        Map<String, LockedImage> old = images(before);
        Map<String, LockedImage> now = images(after);
        Set<String> keys = new LinkedHashSet<>(now.keySet());
        keys.addAll(old.keySet());
        List<LockChange> changes = new ArrayList<>();
        for (String key : keys) {
            LockedImage was = old.get(key);
            LockedImage is = now.get(key);
            LockedImage any = is != null ? is : was;
            if (any != null && !Objects.equals(was, is)) {
                changes.add(new LockChange(any.name(), any.vendor(), was, is, List.of()));
            }
        }
        // A new SDK of another name comes with the one that is gone.
        changes.sort(Comparator.comparing(change -> !isSdk(change, before, after)));
        return changes;
    }

    private static boolean isSdk(LockChange change, Lock before, Lock after) {
        return before.sdk().equals(change.beforeOrNull) || after.sdk().equals(change.afterOrNull);
    }

    private static Map<String, LockedImage> images(Lock lock) {
        Map<String, LockedImage> images = new LinkedHashMap<>();
        images.put("sdk " + lock.sdk().vendor() + "/" + lock.sdk().name(), lock.sdk());
        lock.kits().forEach(kit -> images.put(kit.vendor() + "/" + kit.name(), kit));
        return images;
    }

    /**
     * {@return this change with the kits that brought it}
     *
     * @param kits see {@link #neededBy()}
     */
    public LockChange neededBy(List<String> kits) {
        return new LockChange(name, vendor, beforeOrNull, afterOrNull, kits);
    }

    /** {@return the change in words, such as {@code base-kit 2.0.0 -> 2.1.0 (needed by app-kit 1.1.0)}} */
    @Override
    public String toString() {
        return words() + (neededBy.isEmpty() ? "" : " (needed by " + String.join(", ", neededBy) + ")");
    }

    private String words() {
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
