package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.KitDependency;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.SemVer;
import dev.twoliter.oci.CanonicalJson;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Walks the kits breadth-first through their labels and pins what it meets (project-formats.md 2.4). One object
 * resolves once.
 */
public final class Resolver {

    /** An image that is to be looked at, and how it was reached. */
    private record Reached(ImageDependency image, String path) {}

    private final ProjectSpec project;
    private final Path directory;
    private final Registries registries;
    private final Consumer<String> progress;
    private final Consumer<String> warn;
    private final Map<String, Reached> known = new LinkedHashMap<>();
    private final Map<ImageDependency, String> sdks = new LinkedHashMap<>();
    private final List<LockedImage> locked = new ArrayList<>();

    /**
     * Prepares a resolution.
     *
     * @param project what to resolve
     * @param directory the project's directory
     * @param registries where images are
     * @param progress is told what is looked at
     * @param warn is told what is suspicious
     */
    public Resolver(
            ProjectSpec project,
            Path directory,
            Registries registries,
            Consumer<String> progress,
            Consumer<String> warn) {
        this.project = project;
        this.directory = directory;
        this.registries = registries;
        this.progress = progress;
        this.warn = warn;
    }

    /**
     * Resolves.
     *
     * @return the lock
     * @throws ResolutionException if kits or SDKs contradict each other
     */
    public Lock resolve() {
        project.sdk().ifPresent(sdk -> sdks.put(sdk, "Twoliter.toml"));
        List<Reached> level = new ArrayList<>();
        project.dependencies().forEach(kit -> level.add(start(kit)));
        while (!level.isEmpty()) {
            List<Reached> next = new ArrayList<>();
            level.forEach(kit -> visit(kit, next));
            level.clear();
            level.addAll(next);
        }
        return new Lock(2, project.projectVendor(), lockSdk(), locked);
    }

    private static Reached start(KitDependency kit) {
        ImageDependency only = kit.exact()
                .orElseThrow(() -> new ResolutionException(
                        "kit '" + kit.name() + "' may have any version that fits " + kit.version(),
                        "Write one exact version.",
                        List.of("Twoliter.toml")));
        return new Reached(only, "Twoliter.toml > " + shown(only));
    }

    private static String shown(ImageDependency image) {
        return image.name() + " " + image.version();
    }

    private void visit(Reached reached, List<Reached> next) {
        ImageDependency kit = reached.image();
        Reached before = known.putIfAbsent(kit.vendor() + "/" + kit.name(), reached);
        if (before != null) {
            requireSameVersion(before, reached);
            return;
        }
        progress.accept("reading the metadata of " + shown(kit));
        ImageLocation location = ImageLocation.of(project, kit, reached.path());
        Repository repository = registries.repository(location.reference());
        RawManifest index = fetch(repository, location, kit);
        KitLabel label = label(repository, location.reference().toString(), index);
        locked.add(lock(kit, location, index));
        sdks.putIfAbsent(label.sdk(), reached.path());
        for (ImageDependency needed : label.kits()) {
            next.add(new Reached(needed, reached.path() + " > " + shown(needed)));
        }
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

    private RawManifest fetch(Repository repository, ImageLocation location, ImageDependency image) {
        String subject = location.reference().toString();
        RawManifest index = KitImages.require(repository, subject, "v" + image.version());
        new ImageTrust(project, directory, image.vendor()).checkImage(repository, subject, index.digest(), warn);
        return index;
    }

    /** Reads the label of every architecture: they must agree to the letter (project-formats.md 3.2). */
    private static KitLabel label(Repository repository, String subject, RawManifest index) {
        String first = null;
        for (Descriptor image : KitImages.images(subject, index)) {
            String label = KitImages.labelOf(repository, subject, image);
            if (first != null && !first.equals(label)) {
                throw new FormatException(subject, "the images of its architectures have different kit labels");
            }
            first = label;
        }
        if (first == null) {
            throw new FormatException(subject, "the index has no image");
        }
        return KitLabel.parse(subject, first);
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
            sdks.forEach((sdk, path) -> chains.add(shown(sdk) + " of " + sdk.vendor() + " (" + path + ")"));
            throw new ResolutionException(
                    "different SDKs are needed: " + String.join(", ", chains),
                    "All kits of a build must have been made with the same SDK: choose versions that agree.",
                    chains);
        }
        Map.Entry<ImageDependency, String> only = sdks.entrySet().iterator().next();
        ImageDependency sdk = only.getKey();
        progress.accept("reading the metadata of " + shown(sdk));
        ImageLocation location = ImageLocation.of(project, sdk, only.getValue());
        RawManifest index = fetch(registries.repository(location.reference()), location, sdk);
        KitImages.images(location.reference().toString(), index);
        return lock(sdk, location, index);
    }

    private static LockedImage lock(ImageDependency image, ImageLocation location, RawManifest index) {
        return new LockedImage(
                image.name(),
                image.version(),
                image.vendor(),
                location.source(),
                CanonicalJson.lockDigest(index.bytes()));
    }
}
