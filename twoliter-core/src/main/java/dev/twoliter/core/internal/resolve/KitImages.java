package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageConfig;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.LayerLimits;
import dev.twoliter.oci.LayerUnpacker;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the parts of SDK and kit images. */
final class KitImages {

    /** A config blob is metadata, and so is a metadata image's layer; no honest one is larger. */
    private static final int MAX_SMALL = 4 << 20;

    private static final LayerLimits SMALL_LAYER = new LayerLimits(MAX_SMALL, 100, LayerLimits.DEFAULT.maxRatio());

    private KitImages() {}

    /** {@return the manifest of a tag or digest} */
    static RawManifest require(Repository repository, String subject, String reference) {
        return repository
                .manifest(reference)
                .orElseThrow(() -> new RegistryException(
                        subject,
                        repository.name(),
                        404,
                        false,
                        subject + " does not exist",
                        "Check vendor, name and version, and whether it has been published.",
                        null));
    }

    /** {@return the entries of an index for architectures that Bottlerocket runs on; others are skipped} */
    static List<Descriptor> images(String subject, RawManifest raw) {
        List<Descriptor> all = ImageIndex.parse(subject, raw.bytes()).manifests();
        List<Descriptor> images =
                all.stream().filter(entry -> archOf(entry).isPresent()).toList();
        if (images.isEmpty()) {
            throw new FormatException(
                    subject,
                    all.isEmpty()
                            ? "the index is empty: there is no metadata in it"
                            : "the index has no image for x86_64 or aarch64",
                    "Ask its vendor to publish it with an image for each architecture.",
                    null);
        }
        return images;
    }

    /** {@return the architecture of an index entry; empty when it is another, or none is given} */
    static Optional<Arch> archOf(Descriptor entry) {
        return entry.platform().flatMap(platform -> {
            for (Arch arch : Arch.values()) {
                if (arch.ociName().equals(platform.architecture())) {
                    return Optional.of(arch);
                }
            }
            return Optional.empty();
        });
    }

    /** {@return the configuration of an image} */
    static ImageConfig config(Repository repository, String subject, Descriptor image) {
        RawManifest raw = require(repository, subject, image.digest().toString());
        ImageManifest manifest = ImageManifest.parse(subject, raw.bytes());
        try (InputStream in = small(repository, subject, manifest.config())) {
            return ImageConfig.parse(subject, in.readAllBytes());
        } catch (IOException e) {
            throw StorageException.of("read", subject + " " + manifest.config().digest(), e);
        }
    }

    /** {@return the content of {@code /kit.json} in a metadata image} */
    static byte[] metadata(Repository repository, String subject, Digest image) {
        ImageManifest manifest = ImageManifest.parse(
                subject, require(repository, subject, image.toString()).bytes());
        try {
            Path scratch = Files.createTempDirectory("twoliter-metadata");
            try {
                Path tree = scratch.resolve("tree");
                for (Descriptor layer : manifest.layers()) {
                    try (InputStream in = small(repository, subject, layer)) {
                        String what = subject + " layer " + layer.digest();
                        LayerUnpacker.unpack(in, scratch.resolve("layer"), what, SMALL_LAYER)
                                .moveOnto(tree);
                    }
                }
                Path file = tree.resolve(KitJson.FILE);
                if (!Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)
                        || Files.size(file) > MAX_SMALL) {
                    throw new FormatException(subject, "it holds no usable " + KitJson.FILE);
                }
                return Files.readAllBytes(file);
            } finally {
                AtomicFiles.deleteTree(scratch);
            }
        } catch (IOException e) {
            throw StorageException.of("read", subject, e);
        }
    }

    private static InputStream small(Repository repository, String subject, Descriptor blob) {
        if (blob.size() > MAX_SMALL) {
            throw new FormatException(subject, "the metadata blob " + blob.digest() + " has " + blob.size() + " bytes");
        }
        return repository.blob(blob);
    }
}
