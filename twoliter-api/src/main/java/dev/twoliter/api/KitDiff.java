package dev.twoliter.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is different between two kits, or two versions of one. Immutable, thread-safe.
 *
 * @param arch the architecture that was compared
 * @param before the first kit
 * @param after the second kit
 * @param packages the packages that differ, by name
 * @param unchanged how many packages are the same in both
 */
public record KitDiff(Arch arch, Side before, Side after, List<PackageChange> packages, int unchanged) {

    /**
     * One of the two kits. Immutable, thread-safe.
     *
     * @param reference where it is
     * @param digest the digest of its image
     * @param metadata what it says of itself
     * @param size the bytes of its layers as they are stored
     */
    public record Side(ImageRef reference, Digest digest, KitMetadata metadata, long size) {
        public Side {
            Objects.requireNonNull(reference, "reference");
            Objects.requireNonNull(digest, "digest");
            Objects.requireNonNull(metadata, "metadata");
        }
    }

    public KitDiff {
        Objects.requireNonNull(arch, "arch");
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        packages = List.copyOf(packages);
    }

    /** {@return whether both have the same packages, SDK and dependencies; their images may still differ} */
    public boolean isEmpty() {
        return packages.isEmpty() && dependencies().isEmpty();
    }

    /**
     * {@return how the SDK and the kits that are needed differ, each in words such as
     * {@code SDK acme-sdk 0.50.0 -> 0.51.0}; the SDK first}
     */
    public List<String> dependencies() {
        List<String> changes = new ArrayList<>();
        ImageDependency sdk = before.metadata().sdk();
        ImageDependency newSdk = after.metadata().sdk();
        if (!sdk.equals(newSdk)) {
            changes.add(
                    key(sdk).equals(key(newSdk))
                            ? "SDK " + sdk.name() + " " + sdk.version() + " -> " + newSdk.version()
                            : "SDK " + sdk + " -> " + newSdk);
        }
        Map<String, ImageDependency> old = kits(before);
        Map<String, ImageDependency> now = kits(after);
        old.forEach((key, kit) -> {
            ImageDependency other = now.get(key);
            if (other == null) {
                changes.add("no longer needs kit " + key + " " + kit.version());
            } else if (!other.version().equals(kit.version())) {
                changes.add("needs kit " + key + " " + kit.version() + " -> " + other.version());
            }
        });
        now.forEach((key, kit) -> {
            if (!old.containsKey(key)) {
                changes.add("needs kit " + key + " " + kit.version() + " as well");
            }
        });
        return List.copyOf(changes);
    }

    private static String key(ImageDependency image) {
        return image.vendor() + "/" + image.name();
    }

    private static Map<String, ImageDependency> kits(Side side) {
        return side.metadata().kits().stream()
                .collect(Collectors.toMap(KitDiff::key, kit -> kit, (first, second) -> second, TreeMap::new));
    }

    /** {@return the changes of one kind, by name} */
    public List<PackageChange> packages(PackageChange.Kind kind) {
        return packages.stream()
                .filter(change -> change.kind() == kind)
                .sorted(Comparator.comparing(PackageChange::name))
                .toList();
    }
}
