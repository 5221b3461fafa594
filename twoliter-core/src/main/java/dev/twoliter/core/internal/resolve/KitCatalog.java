package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.SemVer;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.CanonicalJson;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.RawManifest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What registries say of kits and SDKs: which versions there are, and what each of them is. Every manifest is read once
 * in a run. From one run to the next the cache keeps what is named by digest, so that a registry is asked only for what
 * can change: the index that a tag names. Overrides are followed, and images are held against their vendor's keys.
 * Thread-safe.
 */
public final class KitCatalog {

    /** An index as it is published. */
    private record Published(
            ImageLocation location, CachedRepository repository, RawManifest index, LockedImage locked) {
        String subject() {
            return location.reference().toString();
        }
    }

    private final Vendors vendors;
    private final Optional<Lock> pinned;
    private final Consumer<String> progress;
    private final Consumer<String> warn;
    private final Memo<ImageDependency, Published> indexes = new Memo<>();
    private final Memo<ImageDependency, KitRelease> kits = new Memo<>();
    private final Memo<String, List<SemVer>> versions = new Memo<>();

    /**
     * Opens the catalog of a project's vendors; asks nothing yet.
     *
     * @param vendors where images are
     * @param pinned what to take instead of asking a registry that must not be asked
     * @param progress is told what is looked at
     * @param warn is told what is suspicious
     */
    public KitCatalog(Vendors vendors, Optional<Lock> pinned, Consumer<String> progress, Consumer<String> warn) {
        this.vendors = vendors;
        this.pinned = pinned;
        this.progress = progress;
        this.warn = warn;
    }

    /**
     * Lists what is published of a kit or SDK.
     *
     * @param vendor its vendor
     * @param name its name
     * @return every version that has a tag of its own, the newest first, pre-releases among them; empty when there is no
     *     such repository
     * @throws ResolutionException if the project does not know the vendor
     * @throws RegistryException if the registry cannot be asked, as always offline
     */
    public List<SemVer> versions(String vendor, String name) {
        return versions.get(vendor + "/" + name, () -> {
            progress.accept("listing the versions of " + name);
            ImageDependency any = new ImageDependency(name, new SemVer(0, 0, 0, "", ""), vendor);
            return vendors.repository(vendors.locate(any, vendor + "/" + name).reference()).tags().stream()
                    .flatMap(tag -> KitTags.version(tag).stream())
                    .sorted(Comparator.reverseOrder())
                    .toList();
        });
    }

    /**
     * Reads a kit's index and what the kit says of itself.
     *
     * @param kit which version of which kit
     * @return the release
     * @throws ResolutionException if the project does not know a vendor
     * @throws RegistryException if there is no such version, or the registry cannot be asked
     * @throws FormatException if it is no kit that can be read
     * @throws VerificationException if it is not signed as its vendor's trust demands
     */
    public KitRelease kit(ImageDependency kit) {
        return kits.get(kit, () -> {
            Published published = published(kit);
            SortedMap<String, String> labels = labels(published);
            if (labels.isEmpty()) {
                return new KitRelease(published.locked(), metadata(kit, published), KitLabel.numbers(Map.of()));
            }
            return new KitRelease(
                    published.locked(),
                    KitLabel.parse(published.subject(), KitLabel.require(published.subject(), labels)),
                    KitLabel.numbers(labels));
        });
    }

    /**
     * Reads an SDK's index.
     *
     * @param sdk which version of which SDK
     * @return what a lock says of it
     * @throws ResolutionException if the project does not know the vendor
     * @throws RegistryException if there is no such version, or the registry cannot be asked
     * @throws FormatException if it is not published as an index
     * @throws VerificationException if it is not signed as its vendor's trust demands
     */
    public LockedImage sdk(ImageDependency sdk) {
        Published published = published(sdk);
        KitImages.images(published.subject(), published.index());
        return published.locked();
    }

    private Published published(ImageDependency image) {
        return indexes.get(image, () -> {
            progress.accept("reading the metadata of " + image.name() + " " + image.version());
            ImageLocation location = vendors.locate(image, image.toString());
            CachedRepository repository = vendors.repository(location.reference());
            RawManifest index = index(image, location, repository);
            LockedImage locked = new LockedImage(
                    image.name(),
                    image.version(),
                    image.vendor(),
                    location.source(),
                    lockDigest(location.reference().toString(), index));
            vendors.cache().keepIndex(locked.digest(), index.bytes());
            vendors.trust(image.vendor(), progress)
                    .checkImage(repository, location.reference().toString(), index.digest(), warn);
            return new Published(location, repository, index, locked);
        });
    }

    private RawManifest index(ImageDependency image, ImageLocation location, CachedRepository repository) {
        if (vendors.reaches(location.reference())) {
            return KitImages.require(repository, location.reference().toString(), KitTags.index(image.version()));
        }
        OfflineRepository unreachable = new OfflineRepository(location.reference());
        LockedImage pin = pin(image).orElseThrow(() -> unreachable.missing("index, which Twoliter.lock does not pin,"));
        return vendors.cache()
                .index(pin.digest())
                .map(CachedRepository::typed)
                .orElseThrow(() -> unreachable.missing("index"));
    }

    private Optional<LockedImage> pin(ImageDependency image) {
        return pinned.stream()
                .flatMap(lock -> Stream.concat(Stream.of(lock.sdk()), lock.kits().stream()))
                .filter(one -> one.name().equals(image.name())
                        && one.vendor().equals(image.vendor())
                        && one.version().equals(image.version()))
                .findFirst();
    }

    /** What cannot be written canonically is no manifest; the message must name the image. */
    private static String lockDigest(String subject, RawManifest index) {
        try {
            return CanonicalJson.lockDigest(index.bytes());
        } catch (FormatException e) {
            throw new FormatException(subject, "its manifest cannot be read: " + e.getMessage(), "", e);
        }
    }

    /** The kit labels of every architecture's image, which must agree to the letter (project-formats.md 3.2). */
    private static SortedMap<String, String> labels(Published published) {
        SortedMap<String, String> first = null;
        for (Descriptor image : KitImages.images(published.subject(), published.index())) {
            SortedMap<String, String> labels =
                    KitLabel.among(KitImages.config(published.repository(), published.subject(), image)
                            .labels());
            if (first != null && !first.equals(labels)) {
                throw new FormatException(
                        published.subject(),
                        "the images of its architectures have different kit labels",
                        "Its vendor has to build it again for all architectures at once, from one lock.",
                        null);
            }
            first = labels;
        }
        return first == null ? new java.util.TreeMap<>() : first;
    }

    /** The design's way, for kits without a label (formats.md, section 2). */
    private KitLabel metadata(ImageDependency kit, Published published) {
        String tag = KitTags.metadata(kit.version());
        String subject = published.location().reference().registry() + "/"
                + published.location().reference().repository() + ":" + tag;
        RawManifest raw = published
                .repository()
                .manifest(tag)
                .orElseThrow(() -> new FormatException(
                        published.subject(),
                        "this image seems not to be a kit: it has no label dev.bottlerocket.kit.vN, and there is no"
                                + " image " + tag,
                        "Check that the name is that of a kit.",
                        null));
        vendors.trust(kit.vendor(), progress).checkImage(published.repository(), subject, raw.digest(), warn);
        List<Digest> images = ImageIndex.isIndex(raw.bytes())
                ? KitImages.images(subject, raw).stream()
                        .map(Descriptor::digest)
                        .toList()
                : List.of(raw.digest());
        KitLabel first = null;
        for (Digest image : images) {
            KitLabel one = KitJson.parse(
                    subject,
                    KitImages.metadata(published.repository(), subject, image),
                    kit.vendor(),
                    vendors.registryOfVendor());
            if (first != null && !first.equals(one)) {
                throw new FormatException(
                        subject,
                        "the metadata of its architectures differs",
                        "Its vendor has to publish it again for all architectures at once.",
                        null);
            }
            first = one;
        }
        if (first == null) {
            throw new FormatException(subject, "it holds no image");
        }
        return first;
    }
}
