package dev.twoliter.oci;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.PublishException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Copies images between repositories, to the byte, so that every digest stays. Blobs that are there are not copied again;
 * a tag is set when all that it needs is there. So a copy that was cut short is completed by making it again.
 *
 * <pre>{@code
 * try (ImageStore here = ImageStore.open("oci:registry", StoreOptions.builder().build());
 *         ImageStore there = ImageStore.open("registry.example/os", StoreOptions.builder().build())) {
 *     ImageCopier.copy(
 *             here.repository("base-kit"), "v1.0.0",
 *             there.repository("base-kit"), "v1.0.0",
 *             CopyOptions.builder().signatures(true).build());
 * }
 * }</pre>
 */
public final class ImageCopier {

    private ImageCopier() {}

    /**
     * Copies an index with all its images, or one image.
     *
     * @param source from where
     * @param reference a tag, or {@code sha256:HEX}
     * @param target to where
     * @param tag the tag that it gets there; what had the tag before loses it. Empty for none: it is then there by digest
     * @param options what and how
     * @return what was done
     * @throws RegistryException if the source does not have it, or one of both cannot be asked
     * @throws FormatException if it is no image, is incomplete, or has none for the platform that was asked for
     * @throws VerificationException if content does not have its digest
     * @throws PublishException if signatures that the target has would be lost
     */
    public static CopyResult copy(
            Repository source, String reference, Repository target, String tag, CopyOptions options) {
        ImageClosure images = new ImageClosure(source);
        RawManifest root = images.add(reference, options.platform());
        SignatureCopies signatures = signatures(source, images, options).missingIn(target);
        ImageClosure all = new ImageClosure(source);
        images.manifests().forEach(all::addComplete);
        signatures.manifests().forEach(all::addComplete);
        BlobTransfer transfer = new BlobTransfer(source, target, all.blobs(), options);
        for (RawManifest manifest : images.manifests()) {
            if (ImageReader.find(target, manifest.digest().toString()).isEmpty()) {
                target.pushManifest(manifest);
            }
        }
        signatures.push(target);
        if (!tag.isEmpty()) {
            tag(target, root, tag);
        }
        return transfer.result(root.descriptor(), images.images(), signatures.tags());
    }

    private static SignatureCopies signatures(Repository source, ImageClosure images, CopyOptions options) {
        return options.signatures() ? SignatureCopies.of(source, images.manifests()) : SignatureCopies.none(source);
    }

    private static void tag(Repository target, RawManifest root, String tag) {
        target.pushManifest(root, tag);
        RawManifest stored = ImageReader.manifest(target, tag);
        if (!stored.digest().equals(root.digest())) {
            throw VerificationException.digest(
                    ImageReader.subject(target, tag),
                    root.digest(),
                    stored.digest(),
                    "Somebody else pushed at the same time, or the registry changes what it stores: copy again.");
        }
    }

    /**
     * Writes an index with all its images, or one image, into an OCI archive: an image layout in a tar. Nothing is under
     * the file's name before all is in it.
     *
     * @param source from where
     * @param reference a tag, or {@code sha256:HEX}
     * @param file where to; replaced if it is there
     * @param tag the name that it gets in the archive; empty for none
     * @param options what and how; one blob is written at a time
     * @return what was done
     * @throws RegistryException if the source does not have it, or cannot be asked
     * @throws FormatException if it is no image, is incomplete, or has none for the platform that was asked for
     * @throws VerificationException if content does not have its digest
     * @throws StorageException if the file cannot be written
     */
    public static CopyResult copyToArchive(
            Repository source, String reference, Path file, String tag, CopyOptions options) {
        ImageClosure images = new ImageClosure(source);
        RawManifest root = images.add(reference, options.platform());
        SignatureCopies signatures = signatures(source, images, options);
        ImageClosure all = new ImageClosure(source);
        images.manifests().forEach(all::addComplete);
        signatures.manifests().forEach(all::addComplete);
        Map<String, RawManifest> byTag = signatures.byTag();
        List<Descriptor> named = new ArrayList<>();
        named.add(ArchiveWriter.named(root.descriptor(), tag));
        byTag.forEach((name, manifest) -> named.add(ArchiveWriter.named(manifest.descriptor(), name)));
        long total = all.blobs().stream().mapToLong(Descriptor::size).sum();
        ArchiveWriter.write(file, archive -> {
            archive.index(named);
            Set<RawManifest> manifests = new LinkedHashSet<>(all.manifests());
            manifests.addAll(byTag.values());
            for (RawManifest manifest : manifests) {
                archive.blob(manifest);
            }
            long bytes = 0;
            for (Descriptor blob : all.blobs()) {
                archive.blob(blob, () -> source.blob(blob), source.reference());
                bytes += blob.size();
                options.listener().at(bytes, total);
            }
        });
        return new CopyResult(
                root.descriptor(),
                images.images(),
                signatures.tags(),
                all.blobs().size(),
                total,
                0,
                0);
    }
}
