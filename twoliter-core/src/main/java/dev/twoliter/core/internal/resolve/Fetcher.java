package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.LockException;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.api.spi.StepScope;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.io.Cancellable;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.core.internal.io.Parallel;
import dev.twoliter.oci.CanonicalJson;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.LayerUnpacker;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.rpm.RpmVerifier;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.repo.RepoReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Pulls external kits by the digests of the lock, verifies them and unpacks them (project-formats.md 3.6). All layers of
 * a kit are there and verified before the first is unpacked. Thread-safe.
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
     * @param jobs how many layers are pulled at once, over all kits
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
        List<Path> layers = pull(pinned, manifest.layers(), scope);
        for (int i = 0; i < layers.size(); i++) {
            scope.progress("unpacking layer " + (i + 1) + " of " + layers.size());
            unpack(
                    layers.get(i),
                    pinned.subject() + " layer " + manifest.layers().get(i).digest(),
                    scope);
        }
        Map<String, Digest> packages = verifyPackages(kit, trust, scope);
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

    /** Pulls all layers, several at once. */
    private List<Path> pull(Pinned pinned, List<Descriptor> layers, StepScope scope) {
        TransferMeter meter = new TransferMeter(pinned.subject(), layers, scope);
        List<Supplier<Path>> work = new ArrayList<>();
        for (Descriptor layer : layers) {
            work.add(() -> pull(pinned, layer, meter, scope));
        }
        return transfers.all(work);
    }

    private Path pull(Pinned pinned, Descriptor layer, TransferMeter meter, StepScope scope) {
        scope.cancellation().throwIfRequested();
        Path file = vendors.cache()
                .pull(layer, pinned.repository(), scope.cancellation(), bytes -> meter.at(layer, bytes), scope::warn);
        meter.at(layer, layer.size());
        return file;
    }

    private static void unpack(Path layer, String subject, StepScope scope) {
        try (InputStream in = new Cancellable(Files.newInputStream(layer), scope.cancellation())) {
            LayerUnpacker.unpack(in, scope.output(), subject);
        } catch (IOException e) {
            throw StorageException.of("read", layer, e);
        }
    }

    /** Every RPM must be what the repository's index says; the index and the RPMs must be signed where trust asks. */
    private static Map<String, Digest> verifyPackages(LockedImage kit, ImageTrust trust, StepScope scope) {
        Path root = KitTree.repository(scope.output());
        Optional<RpmVerifier> verifier = trust.rpmVerifier();
        var repository = RepoReader.read(root);
        verifier.ifPresent(v -> trust.enforce(kit.toString(), scope::warn, () -> RepoReader.read(root, v)));
        Map<String, Digest> digests = new HashMap<>();
        for (RepoPackage one : repository.packages()) {
            scope.cancellation().throwIfRequested();
            Path file = repository.fileOf(one);
            Digest actual = Hashing.sha256(file);
            if (!actual.equals(one.sha256())) {
                throw VerificationException.digest(
                        kit + " " + root.relativize(file),
                        one.sha256(),
                        actual,
                        "The kit is broken as it was published: ask its vendor.");
            }
            verifier.ifPresent(v -> trust.enforce(kit.toString(), scope::warn, () -> v.require(file)));
            digests.put(scope.output().relativize(file).toString(), actual);
        }
        return digests;
    }

    @Override
    public void close() {
        transfers.close();
    }
}
