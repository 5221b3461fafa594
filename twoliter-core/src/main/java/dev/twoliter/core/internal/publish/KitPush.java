package dev.twoliter.core.internal.publish;

import dev.twoliter.api.Digest;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.BuiltImage;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageSignatures;
import dev.twoliter.oci.ImageSigningKey;
import dev.twoliter.oci.OciArchive;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
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
