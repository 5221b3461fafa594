package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.core.internal.io.Parallel;
import dev.twoliter.core.internal.resolve.upgrade.Release;
import dev.twoliter.core.internal.resolve.upgrade.Releases;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The catalog, as the search for kits that fit together asks it. A version that cannot be read is one that cannot be
 * chosen, with a warning; a registry that does not answer ends the search, for its silence says nothing of the kit. The
 * search asks from one thread; what it expects to ask is read by others.
 */
final class PublishedKits implements Releases {

    private static final int NOT_FOUND = 404;

    private final ProjectSpec project;
    private final KitCatalog catalog;
    private final Parallel parallel;
    private final Set<ImageDependency> withoutChoice;
    private final Consumer<String> warn;

    /**
     * Prepares it.
     *
     * @param withoutChoice what Twoliter.toml asks for exactly: nothing else will do, so it has to be readable
     */
    PublishedKits(
            ProjectSpec project,
            KitCatalog catalog,
            Parallel parallel,
            Set<ImageDependency> withoutChoice,
            Consumer<String> warn) {
        this.project = project;
        this.catalog = catalog;
        this.parallel = parallel;
        this.withoutChoice = Set.copyOf(withoutChoice);
        this.warn = warn;
    }

    @Override
    public Release kit(ImageDependency kit) {
        return usable(kit, () -> {
            KitRelease release = catalog.kit(kit);
            return new Release.Usable(
                    release.label().kits(), List.of(release.label().sdk()), release.labelNumbers());
        });
    }

    @Override
    public Release sdk(ImageDependency sdk) {
        return usable(sdk, () -> {
            catalog.sdk(sdk);
            return new Release.Usable(List.of(), List.of(), Set.of());
        });
    }

    private Release usable(ImageDependency image, Supplier<Release> reading) {
        if (!project.vendors().containsKey(image.vendor())) {
            return new Release.Unusable("Twoliter.toml has no vendor '" + image.vendor() + "'");
        }
        try {
            return reading.get();
        } catch (RegistryException e) {
            if (e.status() != NOT_FOUND || withoutChoice.contains(image)) {
                throw e;
            }
            return unusable(image, e.getMessage());
        } catch (FormatException | VerificationException | ResolutionException e) {
            if (withoutChoice.contains(image)) {
                throw e;
            }
            return unusable(image, e.getMessage());
        }
    }

    private Release unusable(ImageDependency image, @Nullable String because) {
        warn.accept(image.name() + " " + image.version() + " is passed over: " + because);
        return new Release.Unusable(String.valueOf(because));
    }

    @Override
    public void expect(List<ImageDependency> kits) {
        if (kits.size() > 1) {
            for (ImageDependency kit : kits) {
                if (project.vendors().containsKey(kit.vendor())) {
                    // Whether it went well is asked later; the catalog remembers.
                    parallel.start(() -> catalog.kit(kit));
                }
            }
        }
    }
}
