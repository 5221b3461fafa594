package dev.twoliter.core.internal.publish;

import dev.twoliter.api.Digest;
import dev.twoliter.api.VerificationException;
import dev.twoliter.core.internal.run.Reporter;
import dev.twoliter.oci.BuiltImage;
import dev.twoliter.oci.CopyOptions;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageCopier;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageReader;
import dev.twoliter.oci.ImageSignatures;
import dev.twoliter.oci.ImageSigningKey;
import dev.twoliter.oci.OciArchive;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Pushes to one repository: content, then its signature, then its tag, which is read back. What is there is not pushed
 * again. Not thread-safe.
 */
final class KitPush {

    private final Repository repository;
    private final Optional<ImageSigningKey> key;
    private final Reporter reporter;
    private final int jobs;
    private final Set<Digest> signed = new LinkedHashSet<>();

    KitPush(Repository repository, Optional<ImageSigningKey> key, Reporter reporter, int jobs) {
        this.repository = repository;
        this.key = key;
        this.reporter = reporter;
        this.jobs = jobs;
    }

    Repository repository() {
        return repository;
    }

    Optional<ImageSigningKey> key() {
        return key;
    }

    void archive(Path file, Descriptor image, String tag) {
        String what = subject(tag);
        reporter.progress("pushing " + what);
        CopyOptions options = CopyOptions.builder()
                .parallelism(jobs)
                .listener((bytes, total) -> reporter.transfer(what, bytes, total))
                .build();
        try (OciArchive archive = OciArchive.open(file)) {
            ImageCopier.copy(archive.repository(), image.digest().toString(), repository, "", options);
            sign(image.digest());
            tag(archive.manifest(), tag);
        }
    }

    void image(BuiltImage image) {
        if (isAbsent(image.manifest())) {
            image.pushTo(repository);
        }
        sign(image.descriptor().digest());
    }

    void index(ImageIndex index, String tag) {
        reporter.progress("pushing " + subject(tag));
        RawManifest raw = index.toRaw();
        if (isAbsent(raw)) {
            repository.pushManifest(raw);
        }
        sign(raw.digest());
        tag(raw, tag);
    }

    private boolean isAbsent(RawManifest manifest) {
        return ImageReader.find(repository, manifest.digest().toString()).isEmpty();
    }

    private void sign(Digest digest) {
        key.ifPresent(k -> {
            ImageSignatures.sign(repository, digest, k);
            signed.add(digest);
        });
    }

    private void tag(RawManifest manifest, String tag) {
        if (is(tag, manifest.digest())) {
            return;
        }
        repository.pushManifest(manifest, tag);
        RawManifest stored = ImageReader.manifest(repository, tag);
        if (!stored.digest().equals(manifest.digest())
                && repository.manifest(manifest.digest().toString()).isEmpty()) {
            throw VerificationException.digest(
                    subject(tag),
                    manifest.digest(),
                    stored.digest(),
                    "The registry changes what it stores: such a registry cannot hold kits.");
        }
    }

    /** Whether a tag stands for some content now. */
    boolean is(String tag, Digest digest) {
        return ImageReader.find(repository, tag)
                .filter(now -> now.digest().equals(digest))
                .isPresent();
    }

    private String subject(String tag) {
        return repository.reference() + ":" + tag;
    }

    List<Digest> signedDigests() {
        return List.copyOf(signed);
    }
}
