package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Arch;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageConfig;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Reads the parts of SDK and kit images. */
final class KitImages {

    /** A config blob is metadata; no honest one is larger. */
    private static final int MAX_CONFIG = 4 << 20;

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
        List<Descriptor> images = ImageIndex.parse(subject, raw.bytes()).manifests().stream()
                .filter(entry -> archOf(entry).isPresent())
                .toList();
        if (images.isEmpty()) {
            throw new FormatException(subject, "the index has no image for x86_64 or aarch64");
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

    /** {@return what a kit's image says of itself} */
    static String labelOf(Repository repository, String subject, Descriptor image) {
        RawManifest raw = require(repository, subject, image.digest().toString());
        ImageManifest manifest = ImageManifest.parse(subject, raw.bytes());
        ImageConfig config = ImageConfig.parse(subject, readSmall(repository, subject, manifest.config()));
        return KitLabel.find(config.labels())
                .orElseThrow(() -> new FormatException(
                        subject,
                        "this image is not a kit: it has no label dev.bottlerocket.kit.v1 to v4",
                        "Check that the name is that of a kit.",
                        null));
    }

    private static byte[] readSmall(Repository repository, String subject, Descriptor blob) {
        if (blob.size() > MAX_CONFIG) {
            throw new FormatException(subject, "the config blob has " + blob.size() + " bytes");
        }
        try (InputStream in = repository.blob(blob)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw StorageException.of("read", subject + " " + blob.digest(), e);
        }
    }
}
