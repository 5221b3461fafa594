package dev.twoliter.core.internal.publish;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.core.internal.resolve.KitLabel;
import dev.twoliter.oci.BuiltImage;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageConfig;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.ImageSignatures;
import dev.twoliter.oci.ImageSigningKey;
import dev.twoliter.oci.OciArchive;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Pushes to one repository, reads back what it pushed, and signs it. Not thread-safe. */
final class KitPush {

    private final Repository repository;
    private final Optional<ImageSigningKey> key;
    private final Consumer<String> progress;
    private final List<Digest> signed = new ArrayList<>();

    KitPush(Repository repository, Optional<ImageSigningKey> key, Consumer<String> progress) {
        this.repository = repository;
        this.key = key;
        this.progress = progress;
    }

    /** Returns what the image in an archive says of itself. */
    static String labelOf(Path file) {
        try (OciArchive archive = OciArchive.open(file)) {
            ImageManifest manifest =
                    ImageManifest.parse(file.toString(), archive.manifest().bytes());
            try (InputStream in = archive.blob(manifest.config())) {
                return KitLabel.find(ImageConfig.parse(file.toString(), in.readAllBytes())
                                .labels())
                        .orElseThrow(() -> new FormatException(file.toString(), "it holds no kit"));
            } catch (IOException e) {
                throw StorageException.of("read", file, e);
            }
        }
    }

    Descriptor archive(Path file, String tag) {
        progress.accept("pushing " + repository.reference() + ":" + tag);
        try (OciArchive archive = OciArchive.open(file)) {
            Descriptor image = archive.pushTo(repository, tag);
            sign(tag, image.digest());
            return image;
        }
    }

    Descriptor image(BuiltImage image) {
        Descriptor pushed = image.pushTo(repository);
        sign(pushed.digest().toString(), pushed.digest());
        return pushed;
    }

    Digest index(List<Descriptor> entries, String tag) {
        progress.accept("pushing " + repository.reference() + ":" + tag);
        RawManifest index =
                ImageIndex.of(entries.stream().map(KitPush::plain).toList()).toRaw();
        repository.pushManifest(index, tag);
        sign(tag, index.digest());
        return index.digest();
    }

    /** An archive's descriptor has annotations of its own, which an index does not need. */
    private static Descriptor plain(Descriptor entry) {
        return entry.withAnnotations(java.util.Map.of());
    }

    private void sign(String tag, Digest digest) {
        Digest stored = repository
                .manifest(tag)
                .map(RawManifest::digest)
                .orElseThrow(() -> new VerificationException(
                        repository.reference() + ":" + tag, "it was pushed but is not there", "Publish again."));
        if (!stored.equals(digest)) {
            throw VerificationException.digest(
                    repository.reference() + ":" + tag,
                    digest,
                    stored,
                    "Somebody else pushed at the same time, or the registry changes what it stores: publish again.");
        }
        key.ifPresent(k -> {
            ImageSignatures.sign(repository, digest, k);
            signed.add(digest);
        });
    }

    List<Digest> signedDigests() {
        return List.copyOf(signed);
    }
}
