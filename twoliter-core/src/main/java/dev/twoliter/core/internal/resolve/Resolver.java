package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.KitDependency;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.SemVer;
import dev.twoliter.core.internal.io.Parallel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Walks the kits breadth-first through their labels and pins what it meets (project-formats.md 2.4). The kits of a level
 * are read at once, and then looked at in order, so that outcome and messages are always the same. One object resolves
 * once.
 */
public final class Resolver {

    private static final String ROOT = "Twoliter.toml";

    /** An image that is to be looked at, and how it was reached. */
    private record Reached(ImageDependency image, String path) {
        String key() {
            return image.vendor() + "/" + image.name();
        }
    }

    private final ProjectSpec project;
    private final Vendors vendors;
    private final KitCatalog catalog;
    private final int jobs;
    private final Map<String, Reached> known = new LinkedHashMap<>();
    private final Map<ImageDependency, String> sdks = new LinkedHashMap<>();
    private final List<LockedImage> locked = new ArrayList<>();

    /** The label numbers that every kit so far has, and those of each kit; null before the first. */
    private @org.jspecify.annotations.Nullable SortedSet<Integer> commonNumbers;

    private final Map<String, SortedSet<Integer>> numbersByPath = new LinkedHashMap<>();

    /**
     * Prepares a resolution.
     *
     * @param project what to resolve
     * @param vendors where images are
     * @param catalog what is published
     * @param jobs how many images are read at once
     */
    public Resolver(ProjectSpec project, Vendors vendors, KitCatalog catalog, int jobs) {
        this.project = project;
        this.vendors = vendors;
        this.catalog = catalog;
        this.jobs = jobs;
    }

    /**
     * Resolves a project whose kits all have exact versions.
     *
     * @return the lock
     * @throws ResolutionException if kits or SDKs contradict each other, or a kit may have several versions
     */
    public Lock resolve() {
        return resolve(project.dependencies().stream().map(Resolver::only).toList());
    }

    private static ImageDependency only(KitDependency kit) {
        return kit.exact()
                .orElseThrow(() -> new ResolutionException(
                        "kit '" + kit.name() + "' may have any version that fits " + kit.version(),
                        "Write one exact version.",
                        List.of(ROOT)));
    }

    /**
     * Resolves with versions that were chosen for the project's kits.
     *
     * @param kits one version for each kit of the project, in its order
     * @return the lock
     * @throws ResolutionException if kits or SDKs contradict each other
     */
    public Lock resolve(List<ImageDependency> kits) {
        project.sdk().ifPresent(sdk -> addSdk(sdk, ROOT));
        try (Parallel parallel = new Parallel(jobs, "twoliter-resolve")) {
            List<Reached> level = new ArrayList<>();
            kits.forEach(kit -> level.add(new Reached(kit, ROOT + " > " + shown(kit))));
            while (!level.isEmpty()) {
                List<Reached> next = new ArrayList<>();
                Map<Reached, Supplier<KitRelease>> releases = read(parallel, level);
                level.forEach(kit -> visit(kit, releases, next));
                level.clear();
                level.addAll(next);
            }
        }
        return new Lock(2, project.projectVendor(), lockSdk(), locked);
    }

    /** Begins to read those kits of a level that have not been met before. */
    private Map<Reached, Supplier<KitRelease>> read(Parallel parallel, List<Reached> level) {
        Map<String, Reached> first = new LinkedHashMap<>();
        level.stream()
                .filter(kit -> !known.containsKey(kit.key())
                        && project.vendors().containsKey(kit.image().vendor()))
                .forEach(kit -> first.putIfAbsent(kit.key(), kit));
        Map<Reached, Supplier<KitRelease>> releases = new LinkedHashMap<>();
        first.values().forEach(kit -> releases.put(kit, parallel.start(() -> catalog.kit(kit.image()))));
        return releases;
    }

    private void visit(Reached reached, Map<Reached, Supplier<KitRelease>> releases, List<Reached> next) {
        Reached before = known.putIfAbsent(reached.key(), reached);
        if (before != null) {
            requireSameVersion(before, reached);
            return;
        }
        vendors.locate(reached.image(), reached.path());
        Supplier<KitRelease> reading = releases.get(reached);
        if (reading == null) {
            throw new IllegalStateException(reached + " is visited before it is read");
        }
        KitRelease release = reading.get();
        locked.add(release.locked());
        requireCommonNumber(reached, release.labelNumbers());
        addSdk(release.label().sdk(), reached.path());
        for (ImageDependency needed : release.label().kits()) {
            next.add(new Reached(needed, reached.path() + " > " + shown(needed)));
        }
    }

    private static String shown(ImageDependency image) {
        return image.name() + " " + image.version();
    }

    private static void requireSameVersion(Reached before, Reached now) {
        SemVer one = before.image().version();
        SemVer other = now.image().version();
        if (!one.equals(other)) {
            throw new ResolutionException(
                    "two versions of kit " + now.image().name() + " of vendor "
                            + now.image().vendor() + " are needed: " + one + " (" + before.path() + ") and " + other
                            + " (" + now.path() + ")",
                    "Choose versions of the kits that agree on it.",
                    List.of(before.path(), now.path()));
        }
    }

    /**
     * The number of a label stands for what is inside the RPMs, and twoliter takes kits of one number only
     * (newer-twoliter.md 3). A kit with several labels fits with the kits of each of them; one whose metadata image has
     * no number fits with all.
     */
    private void requireCommonNumber(Reached reached, SortedSet<Integer> numbers) {
        if (numbers.isEmpty()) {
            return;
        }
        numbersByPath.put(reached.path(), numbers);
        SortedSet<Integer> common = new TreeSet<>(numbers);
        if (commonNumbers != null) {
            common.retainAll(commonNumbers);
        }
        if (common.isEmpty()) {
            List<String> chains = numbersByPath.entrySet().stream()
                    .map(kit -> kit.getKey() + " ("
                            + kit.getValue().stream().map(n -> "v" + n).collect(Collectors.joining(", ")) + ")")
                    .toList();
            throw new ResolutionException(
                    "kits with different label versions cannot be mixed: " + String.join("; ", chains),
                    "Choose versions of the kits that were made for the same twoliter.",
                    chains);
        }
        commonNumbers = common;
    }

    private void addSdk(ImageDependency sdk, String path) {
        vendors.locate(sdk, path + " > " + shown(sdk));
        sdks.putIfAbsent(sdk, path);
    }

    private LockedImage lockSdk() {
        if (sdks.isEmpty()) {
            throw new ResolutionException(
                    "Twoliter.toml names neither an SDK nor a kit that has one",
                    "Add [sdk] with name, version and vendor.",
                    List.of());
        }
        if (sdks.size() > 1) {
            List<String> chains = new ArrayList<>();
            sdks.forEach((sdk, path) -> chains.add(sdk.name() + "-" + sdk.version() + "@"
                    + vendors.locate(sdk, path).shown() + " (" + path + ")"));
            throw new ResolutionException(
                    "different SDKs are needed: " + String.join("; ", chains),
                    "All kits of a build must have been made with the same SDK, of the same vendor: choose versions that"
                            + " agree.",
                    chains);
        }
        return catalog.sdk(sdks.keySet().iterator().next());
    }
}
