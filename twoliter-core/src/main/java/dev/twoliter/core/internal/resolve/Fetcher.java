package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.LockException;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.VerificationException;
import dev.twoliter.api.spi.StepScope;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.core.internal.io.Parallel;
import dev.twoliter.oci.CanonicalJson;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.LayerUnpacker;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.UnpackedLayer;
import dev.twoliter.rpm.RpmVerifier;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.repo.RepoReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Pulls external kits by the digests of the lock, verifies them and unpacks them (project-formats.md 3.6). A layer is
 * kept, verified and unpacked while it arrives; nothing of it is seen before all layers of the kit are right.
 * Thread-safe.
 */
public final class Fetcher implements AutoCloseable {

    /** What upstream's tools look at: the digest of the unpacked image, without a line feed. */
    public static final String DIGEST_FILE = "digest";

    private final Vendors vendors;
    private final Parallel transfers;

    /** An image that the lock pins, with its index as the lock pins it. */
    private record Pinned(ImageLocation location, CachedRepository repository, byte[] index) {
        String subject() {
            return location.reference().toString();
        }
    }

    /**
     * Prepares fetching.
     *
     * @param vendors where images are
     * @param jobs how many layers are pulled, or packages checked, at once, over all kits
     */
    public Fetcher(Vendors vendors, int jobs) {
        this.vendors = vendors;
        this.transfers = new Parallel(jobs, "twoliter-transfer");
    }

    /**
     * Fetches a kit for one architecture into {@link StepScope#output()}.
     *
     * @param kit what the lock says of it
     * @param arch the architecture
     * @param scope where to, and whom to tell
     * @return the digests of its RPMs, by path below the output directory
     * @throws LockException if the registry holds other content than the lock pins
     * @throws VerificationException if content or a signature is bad
     */
    public Map<String, Digest> fetch(LockedImage kit, Arch arch, StepScope scope) {
        Pinned pinned = pinned(kit);
        ImageTrust trust = vendors.trust(kit.vendor(), scope::progress);
        trust.checkImage(pinned.repository(), pinned.subject(), Digest.ofBytes(pinned.index()), scope::warn);
        Descriptor image = entry(pinned, arch);
        ImageManifest manifest = ImageManifest.parse(
                pinned.subject(),
                KitImages.require(
                                pinned.repository(),
                                pinned.subject(),
                                image.digest().toString())
                        .bytes());
        Map<String, Digest> files = unpack(pinned, manifest.layers(), scope);
        Map<String, Digest> packages = verifyPackages(kit, trust, files, scope);
        AtomicFiles.write(
                scope.output().resolve(DIGEST_FILE), image.digest().toString().getBytes(StandardCharsets.UTF_8));
        return packages;
    }

    /**
     * Makes sure that an image is what the lock pins, without pulling it: the SDK, which is named in labels.
     *
     * @param image what the lock says of it
     * @param progress is told what is done
     * @param warn is told what is suspicious
     * @return where it is
     * @throws LockException if the registry holds other content than the lock pins
     * @throws VerificationException if it is not signed as its vendor's trust demands
     */
    public PinnedImage requirePinned(LockedImage image, Consumer<String> progress, Consumer<String> warn) {
        Pinned pinned = pinned(image);
        Digest index = Digest.ofBytes(pinned.index());
        vendors.trust(image.vendor(), progress).checkImage(pinned.repository(), pinned.subject(), index, warn);
        return new PinnedImage(pinned.location().reference(), pinned.repository(), index);
    }

    /** The index that the lock pins: from the cache, else from the registry by tag. */
    private Pinned pinned(LockedImage image) {
        ImageLocation location =
                vendors.locate(new ImageDependency(image.name(), image.version(), image.vendor()), "Twoliter.lock");
        CachedRepository repository = vendors.repository(location.reference());
        Optional<byte[]> cached = vendors.cache().index(image.digest());
        if (cached.isPresent()) {
            return new Pinned(location, repository, cached.get());
        }
        String subject = location.reference().toString();
        if (!vendors.reaches(location.reference())) {
            throw new OfflineRepository(location.reference()).missing("index");
        }
        RawManifest raw = KitImages.require(repository, subject, KitTags.index(image.version()));
        String actual = CanonicalJson.lockDigest(raw.bytes());
        if (!actual.equals(image.digest())) {
            throw new LockException(
                    LockException.Reason.MISMATCH,
                    "Twoliter.lock pins " + image.name() + " " + image.version() + " to the digest " + image.digest()
                            + ", but " + subject + " has " + actual,
                    "If the kit was published anew on purpose, run `twoliter update`; otherwise do not trust it.",
                    List.of(image.digest() + " -> " + actual));
        }
        vendors.cache().keepIndex(image.digest(), raw.bytes());
        return new Pinned(location, repository, raw.bytes());
    }

    private static Descriptor entry(Pinned pinned, Arch arch) {
        return dev.twoliter.oci.ImageIndex.parse(pinned.subject(), pinned.index()).manifests().stream()
                .filter(d -> KitImages.archOf(d).filter(arch::equals).isPresent())
                .findFirst()
                .orElseThrow(() -> new FormatException(
                        pinned.subject(),
                        "the kit was not published for " + arch,
                        "Ask its vendor for this architecture.",
                        null));
    }

    /**
     * Pulls, verifies and unpacks all layers, several at once, each into a directory of its own; when all are there and
     * right, they are laid upon each other.
     *
     * @return the digests of the files, by path below the output directory
     */
    private Map<String, Digest> unpack(Pinned pinned, List<Descriptor> layers, StepScope scope) {
        TransferMeter meter = new TransferMeter(pinned.subject(), layers, scope);
        Path output = scope.output();
        try (LayerStage stage = new LayerStage(output.resolveSibling(output.getFileName() + ".layers"))) {
            List<Supplier<UnpackedLayer>> work = new ArrayList<>();
            for (int i = 0; i < layers.size(); i++) {
                Descriptor layer = layers.get(i);
                String name = Integer.toString(i);
                work.add(() -> stage.use(directory -> unpack(pinned, layer, directory.resolve(name), meter, scope)));
            }
            Map<String, Digest> files = new HashMap<>();
            for (UnpackedLayer layer : transfers.all(work)) {
                layer.moveOnto(output);
                files.putAll(layer.files());
            }
            return files;
        }
    }

    private UnpackedLayer unpack(
            Pinned pinned, Descriptor layer, Path directory, TransferMeter meter, StepScope scope) {
        scope.cancellation().throwIfRequested();
        String subject = pinned.subject() + " layer " + layer.digest();
        UnpackedLayer unpacked = vendors.cache()
                .read(
                        layer,
                        pinned.repository(),
                        scope.cancellation(),
                        bytes -> meter.at(layer, bytes),
                        scope::warn,
                        content -> {
                            AtomicFiles.deleteTree(directory);
                            return LayerUnpacker.unpack(content, directory, subject);
                        });
        meter.at(layer, layer.size());
        return unpacked;
    }

    /** Every RPM must be what the repository's index says; the index and the RPMs must be signed where trust asks. */
    private Map<String, Digest> verifyPackages(
            LockedImage kit, ImageTrust trust, Map<String, Digest> files, StepScope scope) {
        Path root = KitTree.repository(scope.output());
        Optional<RpmVerifier> verifier = trust.rpmVerifier();
        var repository = RepoReader.read(root);
        verifier.ifPresent(v -> trust.enforce(kit.toString(), scope::warn, () -> RepoReader.read(root, v)));
        List<Supplier<Digest>> work = new ArrayList<>();
        Map<String, Digest> digests = new LinkedHashMap<>();
        for (RepoPackage one : repository.packages()) {
            Path file = repository.fileOf(one);
            String path = scope.output().relativize(file).toString();
            digests.put(path, one.sha256());
            work.add(() -> {
                scope.cancellation().throwIfRequested();
                Digest actual = digest(file, path, files);
                if (!actual.equals(one.sha256())) {
                    throw VerificationException.digest(
                            kit + " " + root.relativize(file),
                            one.sha256(),
                            actual,
                            "The kit is broken as it was published: ask its vendor.");
                }
                verifier.ifPresent(v -> trust.enforce(kit.toString(), scope::warn, () -> v.require(file)));
                return actual;
            });
        }
        transfers.all(work);
        return digests;
    }

    /** A file's digest as it was written; a link, also one that took a file's place, is read. */
    private static Digest digest(Path file, String path, Map<String, Digest> files) {
        Digest known = files.get(path);
        return known != null && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? known : Hashing.sha256(file);
    }

    @Override
    public void close() {
        transfers.close();
    }
}
