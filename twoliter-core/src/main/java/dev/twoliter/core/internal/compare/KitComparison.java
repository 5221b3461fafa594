package dev.twoliter.core.internal.compare;

import dev.twoliter.api.Arch;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.KitDiff;
import dev.twoliter.api.PackageChange;
import dev.twoliter.core.internal.resolve.Registries;
import dev.twoliter.rpm.repo.RepoPackage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares the packages, SDKs and dependencies of two published kits. */
public final class KitComparison {

    private KitComparison() {}

    /**
     * Compares.
     *
     * @param before the first kit
     * @param after the second kit
     * @param wanted the architecture; empty for this machine's, or the first that both have
     * @param registries where they are
     * @return what is different
     */
    public static KitDiff compare(ImageRef before, ImageRef after, Optional<Arch> wanted, Registries registries) {
        PublishedKit old = new PublishedKit(before, registries.repository(before));
        PublishedKit now = new PublishedKit(after, registries.repository(after));
        Arch arch = wanted.orElseGet(() -> common(old, now, after));
        KitDiff.Side oldSide = old.side(arch);
        KitDiff.Side newSide = now.side(arch);
        if (oldSide.digest().equals(newSide.digest())) {
            return new KitDiff(
                    arch, oldSide, newSide, List.of(), old.packages(arch).size());
        }
        Map<String, RepoPackage> was = newest(old.packages(arch));
        Map<String, RepoPackage> is = newest(now.packages(arch));
        TreeSet<String> names = new TreeSet<>(was.keySet());
        names.addAll(is.keySet());
        List<PackageChange> changes = new ArrayList<>();
        for (String name : names) {
            change(was.get(name), is.get(name)).ifPresent(changes::add);
        }
        return new KitDiff(arch, oldSide, newSide, changes, names.size() - changes.size());
    }

    private static Arch common(PublishedKit old, PublishedKit now, ImageRef after) {
        return Arrays.stream(Arch.values())
                .sorted(Comparator.comparing(arch -> arch != Arch.host()))
                .filter(arch -> old.isFor(arch) && now.isFor(arch))
                .findFirst()
                .orElseThrow(() ->
                        new FormatException(after.toString(), "the kits have no architecture in common", "", null));
    }

    /** A kit may hold several versions of a package; the newest is the one that gets installed. */
    private static Map<String, RepoPackage> newest(List<RepoPackage> packages) {
        return packages.stream()
                .collect(Collectors.toMap(
                        one -> one.name() + "." + one.nevra().arch(),
                        one -> one,
                        (a, b) -> a.nevra().evr().compareTo(b.nevra().evr()) < 0 ? b : a,
                        TreeMap::new));
    }

    private static Optional<PackageChange> change(@Nullable RepoPackage was, @Nullable RepoPackage is) {
        if (was == null || is == null) {
            RepoPackage any = was == null ? is : was;
            return Optional.ofNullable(any)
                    .map(one -> new PackageChange(
                            one.name(),
                            was == null ? PackageChange.Kind.ADDED : PackageChange.Kind.REMOVED,
                            build(was),
                            build(is)));
        }
        if (was.sha256().equals(is.sha256())) {
            return Optional.empty();
        }
        int order = is.nevra().evr().compareTo(was.nevra().evr());
        PackageChange.Kind kind = order > 0
                ? PackageChange.Kind.UPGRADED
                : order < 0 ? PackageChange.Kind.DOWNGRADED : PackageChange.Kind.REBUILT;
        return Optional.of(new PackageChange(is.name(), kind, build(was), build(is)));
    }

    private static PackageChange.@Nullable Build build(@Nullable RepoPackage one) {
        return one == null
                ? null
                : new PackageChange.Build(
                        one.nevra().evr().toString(), one.nevra().arch(), one.size(), one.sha256());
    }
}
