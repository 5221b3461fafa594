package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.KitDependency;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockException;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.VersionRequirement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Compares a lock with its project. */
public final class LockChanges {

    private LockChanges() {}

    /**
     * Refuses a lock that does not fit what Twoliter.toml says itself; asks no registry.
     *
     * @param project the project
     * @param lock its lock
     * @throws LockException if they differ
     */
    public static void requireFits(ProjectSpec project, Lock lock) {
        List<String> differences = new ArrayList<>();
        project.sdk()
                .ifPresent(sdk -> compare(
                        "sdk",
                        new KitDependency(sdk.name(), VersionRequirement.exactly(sdk.version()), sdk.vendor()),
                        List.of(lock.sdk()),
                        differences));
        project.dependencies().forEach(kit -> compare("kit", kit, lock.kits(), differences));
        compareOrder(project, lock, differences);
        compareSource(project, lock.sdk(), differences);
        lock.kits().forEach(kit -> compareSource(project, kit, differences));
        if (!project.projectVendor().equals(lock.projectVendor())) {
            differences.add("project-vendor: Twoliter.toml has '" + project.projectVendor() + "', the lock '"
                    + lock.projectVendor() + "'");
        }
        if (!differences.isEmpty()) {
            throw new LockException(
                    LockException.Reason.STALE,
                    "Twoliter.lock does not fit Twoliter.toml: " + String.join("; ", differences),
                    "Run `twoliter update`, or project.updateLock().write().",
                    differences);
        }
    }

    private static void compare(String what, KitDependency wanted, List<LockedImage> locked, List<String> out) {
        for (LockedImage image : locked) {
            if (image.name().equals(wanted.name()) && image.vendor().equals(wanted.vendor())) {
                if (!wanted.version().matches(image.version(), true)) {
                    out.add(what + " " + wanted.name() + ": Twoliter.toml has " + wanted.version() + ", the lock "
                            + image.version());
                }
                return;
            }
        }
        out.add(what + " " + wanted + " is not in the lock");
    }

    /** Breadth-first, a lock begins with the kits of Twoliter.toml in their order; without any, it has none at all. */
    private static void compareOrder(ProjectSpec project, Lock lock, List<String> out) {
        int direct = project.dependencies().size();
        List<String> wanted = project.dependencies().stream()
                .map(kit -> kit.vendor() + "/" + kit.name())
                .toList();
        List<String> locked =
                lock.kits().stream().map(kit -> kit.vendor() + "/" + kit.name()).toList();
        if (out.isEmpty()
                && (!locked.subList(0, Math.min(direct, locked.size())).equals(wanted)
                        || (direct == 0 && !locked.isEmpty())
                        || new HashSet<>(locked).size() < locked.size())) {
            out.add("kits: Twoliter.toml names " + wanted + ", but the lock has " + locked);
        }
    }

    /** The source follows from the rest; one that does not was edited, or the vendor has moved. */
    private static void compareSource(ProjectSpec project, LockedImage image, List<String> out) {
        String source = ImageLocation.of(
                        project, new ImageDependency(image.name(), image.version(), image.vendor()), "Twoliter.lock")
                .source();
        if (!image.source().equals(source)) {
            out.add(image.name() + ": by Twoliter.toml its source is " + source + ", the lock has " + image.source());
        }
    }
}
