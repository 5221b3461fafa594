package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.plan.RunOptions;
import dev.twoliter.oci.StoreListener;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The vendors of a project as one run sees them: where their images are, read through the cache, and by which keys they
 * are trusted. Thread-safe.
 */
public final class Vendors implements AutoCloseable {

    private final ProjectSpec project;
    private final Path directory;
    private final Registries registries;
    private final BlobCache cache;
    private final Set<String> untrusted = ConcurrentHashMap.newKeySet();

    /**
     * Prepares a run; connects to nothing.
     *
     * @param project names vendors, overrides and trust
     * @param directory the project's directory
     * @param environment where downloads are kept, and where credentials are looked for
     * @param options how many transfers may run at once, and whether any registry may be asked
     */
    public Vendors(ProjectSpec project, Path directory, Environment environment, RunOptions options) {
        this.project = project;
        this.directory = directory;
        this.registries = new Registries(directory, environment, options.jobs(), options.offline());
        this.cache = new BlobCache(environment.cacheDirectory());
    }

    /** Tells a step what happens between us and registries, until that is closed. */
    public Registries.Listening reportTo(StoreListener listener) {
        return registries.reportTo(listener);
    }

    /** {@return the registries of the vendors, by vendor} */
    Map<String, String> registryOfVendor() {
        return project.vendors();
    }

    BlobCache cache() {
        return cache;
    }

    /** {@return whether an image can be asked for: always where it is on disk} */
    boolean reaches(ImageRef image) {
        return registries.reaches(image);
    }

    /**
     * Finds an image.
     *
     * @param image the image
     * @param path how it was reached, for the message
     * @throws ResolutionException if the project does not know the vendor
     */
    ImageLocation locate(ImageDependency image, String path) {
        return ImageLocation.of(project, image, path);
    }

    CachedRepository repository(ImageRef image) {
        return new CachedRepository(registries.repository(image), registries.reaches(image), cache);
    }

    /** {@return what a vendor's images are held against; that it is nothing is told once in a run} */
    ImageTrust trust(String vendor, Consumer<String> progress) {
        ImageTrust trust = new ImageTrust(project, directory, vendor);
        if (!trust.demandsAnything() && untrusted.add(vendor)) {
            progress.accept("the images of vendor '" + vendor + "' are taken without signatures: "
                    + (project.trust().containsKey(vendor)
                            ? "Twoliter.trust asks for none"
                            : "Twoliter.trust has no keys of it"));
        }
        return trust;
    }

    @Override
    public void close() {
        registries.close();
    }
}
