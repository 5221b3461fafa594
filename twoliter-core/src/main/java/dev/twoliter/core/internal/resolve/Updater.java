package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.HeldBack;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.KitDependency;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.SemVer;
import dev.twoliter.api.VersionEdit;
import dev.twoliter.api.plan.RunOptions;
import dev.twoliter.api.plan.UpgradeRequest;
import dev.twoliter.core.internal.io.Parallel;
import dev.twoliter.core.internal.resolve.upgrade.NewestKits;
import dev.twoliter.core.internal.resolve.upgrade.Release;
import dev.twoliter.core.internal.resolve.upgrade.SdkRule;
import dev.twoliter.core.internal.resolve.upgrade.Wanted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * From a project to its next lock: chooses the versions of the kits that Twoliter.toml leaves to choose, and resolves with
 * them. Asks for nothing that {@link Resolver} would not ask for as long as there is no choice. One object updates once.
 */
public final class Updater {

    private final ProjectSpec project;
    private final Optional<Lock> locked;
    private final Vendors vendors;
    private final KitCatalog catalog;
    private final RunOptions options;
    private final Consumer<String> warn;

    /**
     * What came out. Immutable.
     *
     * @param lock the lock
     * @param edits what changes in Twoliter.toml
     * @param heldBack the kits that could have been newer
     * @param neededBy the kits that need a kit that Twoliter.toml does not name, by what they need
     */
    public record Update(
            Lock lock, List<VersionEdit> edits, List<HeldBack> heldBack, Map<LockedImage, List<String>> neededBy) {
        public Update {
            edits = List.copyOf(edits);
            heldBack = List.copyOf(heldBack);
            neededBy = Map.copyOf(neededBy);
        }
    }

    /** The versions that were chosen: of the kits that the project names in its order, and of the SDK if it names one. */
    private record Choice(List<ImageDependency> kits, Optional<ImageDependency> sdk, List<HeldBack> heldBack) {}

    /**
     * Prepares an update.
     *
     * @param project the project
     * @param locked what is locked; empty when there is no lock, or none that can be read
     * @param vendors where images are
     * @param catalog what is published
     * @param options how many images are read at once, and whether any registry may be asked
     * @param warn is told what is passed over
     */
    public Updater(
            ProjectSpec project,
            Optional<Lock> locked,
            Vendors vendors,
            KitCatalog catalog,
            RunOptions options,
            Consumer<String> warn) {
        this.project = project;
        this.locked = locked;
        this.vendors = vendors;
        this.catalog = catalog;
        this.options = options;
        this.warn = warn;
    }

    /**
     * Leaves exact versions as they are.
     *
     * @return the next lock
     * @throws ResolutionException if no kits fit together
     */
    public Update update() {
        boolean choice =
                project.dependencies().stream().anyMatch(kit -> kit.exact().isEmpty());
        return choice
                ? resolve(choose(null))
                : withReasons(new Resolver(project, vendors, catalog, options.jobs()).resolve(), List.of(), List.of());
    }

    /**
     * Raises exact versions, too.
     *
     * @param request which, and how far
     * @return the next lock, and what changes in Twoliter.toml
     * @throws ResolutionException if no kits fit together
     */
    public Update upgrade(UpgradeRequest request) {
        return resolve(choose(request));
    }

    private Choice choose(@Nullable UpgradeRequest upgrade) {
        Candidates candidates = new Candidates(catalog, locked, options.offline(), upgrade);
        try (Parallel parallel = new Parallel(options.jobs(), "twoliter-search")) {
            PublishedKits published = new PublishedKits(project, catalog, parallel, withoutChoice(upgrade), warn);
            if (project.dependencies().isEmpty()) {
                return new Choice(
                        List.of(),
                        project.sdk().map(sdk -> upgrade == null ? sdk : raised(sdk, candidates, published)),
                        List.of());
            }
            List<Wanted> wanted = wanted(candidates, parallel);
            published.expect(wanted.stream()
                    .map(kit -> new ImageDependency(kit.name(), kit.candidates().get(0), kit.vendor()))
                    .toList());
            NewestKits newest =
                    NewestKits.find(wanted, project.sdk().map(sdk -> new SdkRule(sdk, upgrade != null)), published);
            return new Choice(newest.named(), project.sdk().flatMap(sdk -> newest.sdk()), heldBack(candidates, newest));
        }
    }

    private Set<ImageDependency> withoutChoice(@Nullable UpgradeRequest upgrade) {
        Set<ImageDependency> exact = new HashSet<>();
        for (KitDependency kit : project.dependencies()) {
            if (upgrade == null
                    || Candidates.written(kit).isEmpty()
                    || !Candidates.isNamed(upgrade, kit.vendor(), kit.name())) {
                kit.exact().ifPresent(exact::add);
            }
        }
        if (upgrade == null) {
            project.sdk().ifPresent(exact::add);
        }
        return exact;
    }

    private List<Wanted> wanted(Candidates candidates, Parallel parallel) {
        List<Supplier<Wanted>> listed = new ArrayList<>();
        for (KitDependency kit : project.dependencies()) {
            listed.add(candidates.areListed(kit) ? parallel.start(() -> candidates.of(kit)) : () -> candidates.of(kit));
        }
        return listed.stream().map(Supplier::get).toList();
    }

    /** Without kits, nothing else decides which SDK it is. */
    private static ImageDependency raised(ImageDependency sdk, Candidates candidates, PublishedKits published) {
        for (SemVer version : candidates.of(sdk)) {
            ImageDependency one = new ImageDependency(sdk.name(), version, sdk.vendor());
            if (published.sdk(one) instanceof Release.Usable) {
                return one;
            }
        }
        throw new ResolutionException(
                "no version of SDK '" + sdk.name() + "' from " + sdk.version() + " on can be used",
                "Look at the warnings; they say why.",
                List.of("Twoliter.toml has SDK " + sdk.name() + " " + sdk.version()));
    }

    private List<HeldBack> heldBack(Candidates candidates, NewestKits newest) {
        Map<String, NewestKits.Held> held = new LinkedHashMap<>();
        newest.held()
                .forEach(one -> held.put(one.kit().vendor() + "/" + one.kit().name(), one));
        List<HeldBack> heldBack = new ArrayList<>();
        for (int i = 0; i < newest.named().size(); i++) {
            KitDependency kit = project.dependencies().get(i);
            SemVer chosen = newest.named().get(i).version();
            NewestKits.Held one = held.get(kit.vendor() + "/" + kit.name());
            if (one != null) {
                heldBack.add(
                        new HeldBack(kit.name(), kit.vendor(), chosen, one.newest(), String.join("; ", one.because())));
            } else {
                candidates
                        .newest(kit)
                        .filter(version -> version.compareTo(chosen) > 0)
                        .ifPresent(version -> heldBack.add(new HeldBack(
                                kit.name(),
                                kit.vendor(),
                                chosen,
                                version,
                                "Twoliter.toml asks for " + kit.name() + " " + kit.version())));
            }
        }
        return heldBack;
    }

    private Update resolve(Choice choice) {
        List<VersionEdit> edits = new ArrayList<>();
        ProjectSpec raised = project;
        if (choice.sdk().isPresent() && !choice.sdk().equals(project.sdk())) {
            ImageDependency sdk = choice.sdk().get();
            raised = project.toBuilder().sdk(sdk).build();
            edits.add(new VersionEdit(
                    "sdk.version",
                    sdk.name(),
                    project.sdk().map(ImageDependency::version).orElse(sdk.version()),
                    sdk.version()));
        }
        for (int i = 0; i < choice.kits().size(); i++) {
            SemVer chosen = choice.kits().get(i).version();
            KitDependency kit = project.dependencies().get(i);
            Optional<SemVer> before = Candidates.written(kit).filter(exact -> !exact.equals(chosen));
            if (before.isPresent()) {
                edits.add(new VersionEdit("kit[" + i + "].version", kit.name(), before.get(), chosen));
            }
        }
        Lock lock = new Resolver(raised, vendors, catalog, options.jobs()).resolve(choice.kits());
        return withReasons(lock, edits, choice.heldBack());
    }

    private Update withReasons(Lock lock, List<VersionEdit> edits, List<HeldBack> heldBack) {
        Set<String> direct = new HashSet<>();
        project.dependencies().forEach(kit -> direct.add(kit.vendor() + "/" + kit.name()));
        Map<LockedImage, List<String>> neededBy = new LinkedHashMap<>();
        for (LockedImage kit : lock.kits()) {
            if (!direct.contains(kit.vendor() + "/" + kit.name())) {
                neededBy.put(kit, neededBy(kit, lock));
            }
        }
        return new Update(lock, edits, heldBack, neededBy);
    }

    /** Everything in a lock has been read already, so this asks nobody. */
    private List<String> neededBy(LockedImage kit, Lock lock) {
        ImageDependency needed = new ImageDependency(kit.name(), kit.version(), kit.vendor());
        return lock.kits().stream()
                .filter(one -> catalog.kit(new ImageDependency(one.name(), one.version(), one.vendor()))
                        .label()
                        .kits()
                        .contains(needed))
                .map(one -> one.name() + " " + one.version())
                .toList();
    }
}
