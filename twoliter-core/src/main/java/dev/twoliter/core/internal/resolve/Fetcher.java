package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.LockException;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.api.spi.StepScope;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.io.Cancellable;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.oci.CanonicalJson;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.LayerUnpacker;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import dev.twoliter.rpm.RpmVerifier;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.repo.RepoReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Pulls external kits by the digests of the lock, verifies them and unpacks them (project-formats.md 3.6). Thread-safe.
 */
public final class Fetcher {

    /** What upstream's tools look at: the digest of the unpacked image, without a line feed. */
    public static final String DIGEST_FILE = "digest";

    private final ProjectSpec project;
    private final Path directory;
    private final Registries registries;
    private final Path cacheDirectory;
    private final BlobCache cache;

    /**
     * Prepares fetching.
     *
     * @param project names vendors, overrides and trust
     * @param directory the project's directory
     * @param registries where images are
     * @param cacheDirectory where downloads are kept
     */
    public Fetcher(ProjectSpec project, Path directory, Registries registries, Path cacheDirectory) {
        this.project = project;
        this.directory = directory;
        this.registries = registries;
        this.cacheDirectory = cacheDirectory;
        this.cache = new BlobCache(cacheDirectory);
    }

    /**
     * Fetches a kit for one architecture into {@link StepScope#output()}.
     *
     * @param kit what the lock says of it
     * @param arch the architecture
     * @param scope where to, and whom to tell
     * @throws LockException if the registry holds other content than the lock pins
     * @throws VerificationException if content or a signature is bad
     */
    public void fetch(LockedImage kit, Arch arch, StepScope scope) {
        ImageDependency image = new ImageDependency(kit.name(), kit.version(), kit.vendor());
        ImageLocation location = ImageLocation.of(project, image, "Twoliter.lock");
        Repository repository = registries.repository(location.reference());
        String subject = location.reference().toString();
        ImageTrust trust = new ImageTrust(project, directory, kit.vendor());

        byte[] index = index(kit, repository, subject);
        trust.checkImage(repository, subject, Digest.ofBytes(index), scope::warn);
        Descriptor entry = entry(subject, index, arch);
        byte[] manifest = cache.find(entry.digest()).orElseGet(() -> {
            RawManifest raw =
                    KitImages.require(repository, subject, entry.digest().toString());
            cache.put(raw.digest(), raw.bytes());
            return raw.bytes();
        });
        unpack(repository, subject, ImageManifest.parse(subject, manifest), scope);
        verifyPackages(kit, trust, scope);
        AtomicFiles.write(
                scope.output().resolve(DIGEST_FILE), entry.digest().toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Makes sure that an image is what the lock pins, without pulling it: the SDK, which is named in labels.
     *
     * @param image what the lock says of it
     * @param warn is told what is suspicious
     * @throws LockException if the registry holds other content than the lock pins
     * @throws VerificationException if it is not signed as its vendor's trust demands
     */
    public void requirePinned(LockedImage image, Consumer<String> warn) {
        ImageLocation location = ImageLocation.of(
                project, new ImageDependency(image.name(), image.version(), image.vendor()), "Twoliter.lock");
        Repository repository = registries.repository(location.reference());
        String subject = location.reference().toString();
        ImageTrust trust = new ImageTrust(project, directory, image.vendor());
        byte[] index = index(image, repository, subject);
        // Remembered for these keys, so that a kit can be built again without a network.
        Path verified = indexFile(image).resolveSibling(hexName(image) + "." + trust.fingerprint());
        if (!Files.isRegularFile(verified)) {
            trust.checkImage(repository, subject, Digest.ofBytes(index), warn);
            AtomicFiles.write(verified, new byte[0]);
        }
    }

    /** The index that the lock pins: from the cache, else from the registry by tag. */
    private byte[] index(LockedImage kit, Repository repository, String subject) {
        Optional<byte[]> cached = cachedIndex(kit);
        if (cached.isPresent()) {
            return cached.get();
        }
        RawManifest raw = KitImages.require(repository, subject, "v" + kit.version());
        String actual = CanonicalJson.lockDigest(raw.bytes());
        if (!actual.equals(kit.digest())) {
            throw new LockException(
                    LockException.Reason.MISMATCH,
                    "Twoliter.lock pins " + kit.name() + " " + kit.version() + " to the digest " + kit.digest()
                            + ", but " + subject + " has " + actual,
                    "If the kit was published anew on purpose, run `twoliter update`; otherwise do not trust it.",
                    List.of(kit.digest() + " -> " + actual));
        }
        AtomicFiles.write(indexFile(kit), raw.bytes());
        return raw.bytes();
    }

    private Optional<byte[]> cachedIndex(LockedImage image) {
        return readIfMatches(indexFile(image), image);
    }

    private Path indexFile(LockedImage image) {
        return cacheDirectory.resolve("indexes").resolve(hexName(image));
    }

    private static String hexName(LockedImage kit) {
        try {
            return HexFormat.of().formatHex(Base64.getDecoder().decode(kit.digest()));
        } catch (IllegalArgumentException e) {
            throw new FormatException("Twoliter.lock", "the digest of " + kit.name() + " is not base64", "", e);
        }
    }

    private static Optional<byte[]> readIfMatches(Path file, LockedImage kit) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            return CanonicalJson.lockDigest(bytes).equals(kit.digest()) ? Optional.of(bytes) : Optional.empty();
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        } catch (FormatException e) {
            // A damaged cache entry is as good as none.
            return Optional.empty();
        }
    }

    private static Descriptor entry(String subject, byte[] index, Arch arch) {
        return dev.twoliter.oci.ImageIndex.parse(subject, index).manifests().stream()
                .filter(d -> KitImages.archOf(d).filter(arch::equals).isPresent())
                .findFirst()
                .orElseThrow(() -> new FormatException(
                        subject,
                        "the kit was not published for " + arch,
                        "Ask its vendor for this architecture.",
                        null));
    }

    private void unpack(Repository repository, String subject, ImageManifest manifest, StepScope scope) {
        int number = 0;
        for (Descriptor layer : manifest.layers()) {
            scope.cancellation().throwIfRequested();
            scope.progress("layer " + ++number + " of " + manifest.layers().size());
            Path blob = cache.get(
                    layer.digest(), () -> new Cancellable(repository.blob(layer), scope.cancellation()), scope::warn);
            try (InputStream in = new Cancellable(Files.newInputStream(blob), scope.cancellation())) {
                LayerUnpacker.unpack(in, scope.output(), subject + " layer " + layer.digest());
            } catch (IOException e) {
                throw StorageException.of("read", blob, e);
            }
        }
    }

    /** Every RPM must be what the repository's index says; the index and the RPMs must be signed where trust asks. */
    private static void verifyPackages(LockedImage kit, ImageTrust trust, StepScope scope) {
        Path root = KitTree.repository(scope.output());
        Optional<RpmVerifier> verifier = trust.rpmVerifier();
        var repository = RepoReader.read(root);
        verifier.ifPresent(v -> trust.enforce(kit.toString(), scope::warn, () -> RepoReader.read(root, v)));
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
        }
    }
}
