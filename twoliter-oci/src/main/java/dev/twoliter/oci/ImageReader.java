package dev.twoliter.oci;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads the small parts of images in repositories: manifests and configurations. */
public final class ImageReader {

    /** A configuration is metadata; no honest one is larger. */
    private static final int MAX_CONFIG = 4 << 20;

    private ImageReader() {}

    /**
     * Reads a manifest or index that has to be there.
     *
     * @param repository where
     * @param reference a tag, or {@code sha256:HEX}
     * @return the manifest to the byte
     * @throws RegistryException with status 404 if it is not there
     */
    public static RawManifest manifest(Repository repository, String reference) {
        return repository.manifest(reference).orElseThrow(() -> {
            String subject = subject(repository, reference);
            return new RegistryException(
                    repository.reference(),
                    repository.name(),
                    404,
                    false,
                    subject + " does not exist",
                    "Check the name and the tag, and whether it has been pushed.",
                    null);
        });
    }

    /**
     * Reads a manifest or index that may be there, also in a store that is only going to be made.
     *
     * @param repository where
     * @param reference a tag, or {@code sha256:HEX}
     * @return the manifest to the byte; empty when there is none
     */
    public static Optional<RawManifest> find(Repository repository, String reference) {
        try {
            return repository.manifest(reference);
        } catch (RegistryException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Reads the configuration of an image.
     *
     * @param repository where
     * @param manifest the image
     * @return its configuration
     * @throws FormatException if it is none
     */
    public static ImageConfig config(Repository repository, ImageManifest manifest) {
        String subject = subject(repository, manifest.config().digest().toString());
        return ImageConfig.parse(subject, configBytes(repository, manifest));
    }

    /** The configuration to the byte. */
    static byte[] configBytes(Repository repository, ImageManifest manifest) {
        Descriptor config = manifest.config();
        String subject = subject(repository, config.digest().toString());
        if (config.size() > MAX_CONFIG) {
            throw new FormatException(subject, "a configuration of " + config.size() + " bytes is none");
        }
        try (InputStream in = repository.blob(config)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw StorageException.of("read", subject, e);
        }
    }

    /**
     * Describes an image for an index: {@code index.with(ImageReader.describe(repository, "v1-arm64"))} takes up one that
     * was built elsewhere.
     *
     * @param repository where it is
     * @param reference a tag, or {@code sha256:HEX}
     * @return its descriptor, with the platform that its configuration names
     * @throws FormatException if it is an index, or names no platform
     */
    public static Descriptor describe(Repository repository, String reference) {
        RawManifest raw = manifest(repository, reference);
        String subject = subject(repository, reference);
        if (ImageIndex.isIndex(raw.bytes())) {
            throw new FormatException(
                    subject, "it is an index, not an image", "Name the image of one architecture.", null);
        }
        Platform platform =
                config(repository, ImageManifest.parse(subject, raw.bytes())).platform();
        if (platform.os().isEmpty() || platform.architecture().isEmpty()) {
            throw new FormatException(subject, "its configuration does not say what it runs on");
        }
        return raw.descriptor().withPlatform(platform);
    }

    static String subject(Repository repository, String reference) {
        return repository.reference() + (reference.startsWith("sha256:") ? "@" : ":") + reference;
    }
}
