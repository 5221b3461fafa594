package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.KitDependency;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.SemVer;
import dev.twoliter.api.plan.UpgradeRequest;
import dev.twoliter.core.internal.resolve.upgrade.Wanted;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which versions of its kits a project leaves to choose from: in an update, or in an upgrade. */
final class Candidates {

    private final KitCatalog catalog;
    private final Optional<Lock> locked;
    private final boolean offline;
    private final @Nullable UpgradeRequest upgrade;

    /**
     * Prepares it.
     *
     * @param upgrade what may be raised; null in an update
     */
    Candidates(KitCatalog catalog, Optional<Lock> locked, boolean offline, @Nullable UpgradeRequest upgrade) {
        this.catalog = catalog;
        this.locked = locked;
        this.offline = offline;
        this.upgrade = upgrade;
    }

    /** {@return whether the versions of a kit have to be listed} */
    boolean areListed(KitDependency kit) {
        return !moves(kit)
                ? fixed(kit).isEmpty()
                : upgrade != null || (kit.exact().isEmpty() && kept(kit).isEmpty());
    }

    private boolean moves(KitDependency kit) {
        return upgrade == null || isNamed(upgrade, kit.vendor(), kit.name());
    }

    static boolean isNamed(UpgradeRequest upgrade, String vendor, String name) {
        return upgrade.kits().isEmpty()
                || upgrade.kits().contains(name)
                || upgrade.kits().contains(vendor + "/" + name);
    }

    /** {@return the version that an upgrade may replace; empty for a requirement, even for one such as {@code =1.2.3}} */
    static Optional<SemVer> written(KitDependency kit) {
        return kit.version()
                .exact()
                .filter(exact -> exact.toString().equals(kit.version().toString()));
    }

    /** {@return a kit with its candidates; there is at least one} */
    Wanted of(KitDependency kit) {
        Optional<SemVer> exact = upgrade == null ? kit.version().exact() : written(kit);
        if (!moves(kit)) {
            Optional<SemVer> fixed = fixed(kit);
            if (fixed.isPresent()) {
                return wanted(
                        kit,
                        List.of(fixed.get()),
                        kit.name() + " stays at " + fixed.get() + ", as only "
                                + String.join(", ", upgrade == null ? List.of() : upgrade.kits())
                                + " may move",
                        true);
            }
        } else if (exact.isPresent()) {
            return upgrade == null
                    ? wanted(kit, List.of(exact.get()), "Twoliter.toml has " + kit.name() + " " + exact.get(), true)
                    : wanted(
                            kit,
                            newerThan(kit, exact.get(), preRelease -> isOfThreeNumbers(preRelease, exact.get())),
                            "an upgrade does not lower " + kit.name() + ", which Twoliter.toml has at " + exact.get(),
                            false);
        } else if (upgrade != null && fitting(kit).isPresent()) {
            SemVer now = fitting(kit).get();
            return wanted(
                    kit,
                    newerThan(kit, now, version -> kit.version().matches(version)).stream()
                            .filter(version -> kit.version().matches(version, true))
                            .toList(),
                    asked(kit) + ", and an upgrade does not lower it below " + now + ", where it is locked",
                    true);
        } else if (kept(kit).isPresent()) {
            return wanted(kit, kept(kit).stream().toList(), asked(kit) + ", and offline it stays as locked", true);
        }
        return wanted(
                kit,
                catalog.versions(kit.vendor(), kit.name()).stream()
                        .filter(version -> kit.version().matches(version, preReleases()))
                        .toList(),
                asked(kit),
                true);
    }

    private static String asked(KitDependency kit) {
        return "Twoliter.toml asks for " + kit.name() + " " + kit.version();
    }

    /** {@return where a kit stays that may not move; empty when it has to be chosen all the same} */
    private Optional<SemVer> fixed(KitDependency kit) {
        return kit.version().exact().or(() -> fitting(kit));
    }

    /** {@return what is locked, where nothing else can be known} */
    private Optional<SemVer> kept(KitDependency kit) {
        return offline ? fitting(kit) : Optional.empty();
    }

    private Optional<SemVer> fitting(KitDependency kit) {
        return locked.stream()
                .flatMap(lock -> lock.kits().stream())
                .filter(one -> one.name().equals(kit.name()) && one.vendor().equals(kit.vendor()))
                .map(LockedImage::version)
                .filter(version -> kit.version().matches(version, true))
                .findFirst();
    }

    private boolean preReleases() {
        return upgrade != null && upgrade.preReleases();
    }

    /** {@return this version and all newer ones; of pre-releases those that were asked for} */
    private List<SemVer> newerThan(KitDependency kit, SemVer now, Predicate<SemVer> preReleaseIsMeant) {
        return newerThan(catalog.versions(kit.vendor(), kit.name()), now, preReleaseIsMeant);
    }

    private List<SemVer> newerThan(List<SemVer> published, SemVer now, Predicate<SemVer> preReleaseIsMeant) {
        return Stream.concat(
                        Stream.of(now),
                        published.stream()
                                .filter(version -> version.compareTo(now) > 0)
                                .filter(version -> version.preRelease().isEmpty()
                                        || preReleases()
                                        || preReleaseIsMeant.test(version)))
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    private static boolean isOfThreeNumbers(SemVer preRelease, SemVer other) {
        return !other.preRelease().isEmpty()
                && preRelease.major() == other.major()
                && preRelease.minor() == other.minor()
                && preRelease.patch() == other.patch();
    }

    /** {@return the SDK and what it may be raised to, the newest first} */
    List<SemVer> of(ImageDependency sdk) {
        return newerThan(
                catalog.versions(sdk.vendor(), sdk.name()),
                sdk.version(),
                preRelease -> isOfThreeNumbers(preRelease, sdk.version()));
    }

    /** {@return the newest version that is published, by the rules for pre-releases; empty when it was not listed} */
    Optional<SemVer> newest(KitDependency kit) {
        return areListed(kit)
                ? catalog.versions(kit.vendor(), kit.name()).stream()
                        .filter(version -> version.preRelease().isEmpty() || preReleases())
                        .findFirst()
                : Optional.empty();
    }

    private Wanted wanted(KitDependency kit, List<SemVer> candidates, String rule, boolean told) {
        if (candidates.isEmpty()) {
            List<SemVer> published = catalog.versions(kit.vendor(), kit.name());
            throw new ResolutionException(
                    "no version of kit '" + kit.name() + "' that vendor '" + kit.vendor() + "' has published fits "
                            + kit.version() + ": "
                            + (published.isEmpty()
                                    ? "there is none at all"
                                    : "there are " + published.size() + ", from " + published.get(published.size() - 1)
                                            + " to " + published.get(0)),
                    published.isEmpty()
                            ? "Check name and vendor, and whether it has been published."
                            : "Change the requirement in Twoliter.toml; pre-releases have to be named in it.",
                    List.of(asked(kit)));
        }
        return new Wanted(kit.vendor(), kit.name(), candidates, rule, told);
    }
}
