package dev.twoliter.core.internal.cache;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.api.event.StepId;
import dev.twoliter.api.spi.StepScope;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.core.internal.plan.Task;
import dev.twoliter.oci.BlobSource;
import dev.twoliter.oci.BlobUpload;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.ImageReader;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Gets finished steps from a repository and puts them there. What is wrong with the cache never fails a build: the user
 * is warned, and the step is run. Thread-safe.
 */
public final class StepCache {

    private static final String FILE = "application/octet-stream";
    private static final int MAX_CONFIG = 32 << 20;

    private final Repository repository;

    /**
     * Uses a repository.
     *
     * @param repository where steps are
     */
    public StepCache(Repository repository) {
        this.repository = repository;
    }

    /** {@return where it is, for messages} */
    public String reference() {
        return repository.reference();
    }

    /**
     * Looks for a step, and brings its files.
     *
     * @param task the step
     * @param scope where to, and whom to tell
     * @return the digests of its files, by path; empty when it is not there or not whole: nothing was written then
     */
    public Optional<Map<String, Digest>> restore(Task task, StepScope scope) {
        try {
            Optional<RawManifest> raw = ImageReader.find(repository, tag(task));
            return raw.map(manifest -> restore(manifest, scope));
        } catch (RegistryException | FormatException | VerificationException e) {
            clear(scope.output());
            scope.warn("nothing was taken from the cache: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Map<String, Digest> restore(RawManifest raw, StepScope scope) {
        String subject = repository.reference() + "@" + raw.digest();
        ImageManifest manifest = ImageManifest.parse(subject, raw.bytes());
        if (!manifest.config().mediaType().equals(CachedFiles.MEDIA_TYPE)) {
            throw new FormatException(subject, "it is no finished step");
        }
        CachedFiles files = CachedFiles.parse(subject, read(manifest.config(), subject));
        Map<String, Digest> digests = new HashMap<>();
        for (CachedFiles.Entry entry : files.entries()) {
            scope.cancellation().throwIfRequested();
            Path file = scope.output().resolve(entry.path());
            try {
                Files.createDirectories(file.getParent());
                if (entry.digest() == null) {
                    Files.createSymbolicLink(file, Path.of(entry.target()));
                    continue;
                }
                download(Descriptor.of(FILE, entry.digest(), entry.size()), file, subject);
                if (entry.executable()) {
                    makeExecutable(file);
                }
                digests.put(entry.path(), entry.digest());
            } catch (IOException e) {
                throw StorageException.of("write", file, e);
            }
        }
        return digests;
    }

    private byte[] read(Descriptor descriptor, String subject) {
        if (descriptor.size() > MAX_CONFIG) {
            throw new FormatException(subject, "its list of files is too long");
        }
        try (InputStream in = repository.blob(descriptor)) {
            byte[] bytes = in.readAllBytes();
            if (!Digest.ofBytes(bytes).equals(descriptor.digest())) {
                throw VerificationException.digest(
                        subject, descriptor.digest(), Digest.ofBytes(bytes), "The cache is damaged.");
            }
            return bytes;
        } catch (IOException e) {
            throw StorageException.of("read", subject, e);
        }
    }

    private void download(Descriptor descriptor, Path file, String subject) throws IOException {
        try (InputStream in = repository.blob(descriptor);
                OutputStream out = Files.newOutputStream(file)) {
            Digest actual = Hashing.copy(in, out);
            if (!actual.equals(descriptor.digest())) {
                throw VerificationException.digest(subject, descriptor.digest(), actual, "The cache is damaged.");
            }
        }
    }

    private static void makeExecutable(Path file) throws IOException {
        if (!file.toFile().setExecutable(true, false)) {
            throw new IOException("it cannot be made executable");
        }
    }

    private static void clear(Path directory) {
        try {
            AtomicFiles.deleteTree(directory);
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw StorageException.of("write", directory, e);
        }
    }

    /**
     * Puts a step there that has been run.
     *
     * @param task the step
     * @param scope its files, and whom to tell
     * @param known the digests of files that were hashed while they were written
     */
    public void store(Task task, StepScope scope, Map<String, Digest> known) {
        try {
            CachedFiles files = CachedFiles.of(scope.output(), known);
            byte[] json = files.toJson();
            Descriptor config = Descriptor.of(CachedFiles.MEDIA_TYPE, json);
            Map<Digest, BlobUpload> blobs = new LinkedHashMap<>();
            for (CachedFiles.Entry entry : files.entries()) {
                if (entry.digest() != null) {
                    blobs.put(
                            entry.digest(),
                            new BlobUpload(
                                    Descriptor.of(FILE, entry.digest(), entry.size()),
                                    BlobSource.of(scope.output().resolve(entry.path()))));
                }
            }
            List<Descriptor> layers =
                    blobs.values().stream().map(BlobUpload::descriptor).toList();
            repository.pushBlobs(List.copyOf(blobs.values()));
            repository.pushBlob(config, BlobSource.of(json));
            repository.pushManifest(
                    new ImageManifest(
                                    config,
                                    layers,
                                    Map.of(
                                            "org.opencontainers.image.title",
                                            task.id().toString()))
                            .toRaw(),
                    tag(task));
        } catch (TwoliterException e) {
            scope.warn("the step could not be put into the cache: " + e.getMessage());
        }
    }

    /** The hash covers everything that the step depends on; its kind and name are for people. */
    private static String tag(Task task) {
        StepId id = task.id();
        String name = id.name().replaceAll("[^A-Za-z0-9_.-]", "-");
        return id.kind().name().toLowerCase(Locale.ROOT) + "-" + (name.length() > 40 ? name.substring(0, 40) : name)
                + "-" + task.inputs().hash();
    }
}
