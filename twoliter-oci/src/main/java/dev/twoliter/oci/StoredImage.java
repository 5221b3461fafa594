package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An image for one platform as a store has it, on its way into a container engine: {@code docker load} and
 * {@code podman load} take what {@link #writeArchive} writes. Thread-safe.
 */
public final class StoredImage {

    private final Repository repository;
    private final RawManifest raw;
    private final ImageManifest manifest;
    private final ImageConfig config;

    private StoredImage(Repository repository, RawManifest raw) {
        this.repository = repository;
        this.raw = raw;
        this.manifest =
                ImageManifest.parse(ImageReader.subject(repository, raw.digest().toString()), raw.bytes());
        this.config = ImageReader.config(repository, manifest);
    }

    /**
     * Finds an image.
     *
     * @param repository where it is; any store, also a directory
     * @param reference a tag or, better, {@code sha256:HEX}: of an index, or of an image
     * @param platform which image of the index
     * @return the image
     * @throws RegistryException if it is not there
     * @throws FormatException if it has no image for the platform
     */
    public static StoredImage find(Repository repository, String reference, Platform platform) {
        return new StoredImage(repository, new ImageClosure(repository).add(reference, Optional.of(platform)));
    }

    /** {@return the digest of its manifest} */
    public Digest digest() {
        return raw.digest();
    }

    /** {@return the digests of its unpacked layers, lowest first} */
    public List<Digest> diffIds() {
        return config.diffIds();
    }

    /**
     * Writes it as {@code docker load} takes it; layers stay compressed as they are.
     *
     * @param file the tar; replaced if it is there
     * @param name the name that the image gets, such as {@code sdk:1.0}
     * @throws VerificationException if a blob does not have its digest
     * @throws StorageException if the file cannot be written
     */
    public void writeArchive(Path file, String name) {
        List<BlobUpload> layers = manifest.layers().stream()
                .map(layer -> new BlobUpload(layer, () -> repository.blob(layer)))
                .toList();
        // To the byte, since its digest is the image's name.
        byte[] configuration = ImageReader.configBytes(repository, manifest);
        DockerArchive.write(file, name, RawManifest.of(manifest.config().mediaType(), configuration), layers);
    }

    /**
     * Shows the files of a directory, as the layers together have them. Layers are read from the highest to the lowest, and
     * the files of each in its order. Nothing is unpacked; every layer is read to its end and verified.
     *
     * @param directory its path, such as {@code toolchain}; without slash at its ends
     * @param visitor is shown the files
     * @throws FormatException if a layer is damaged or hostile
     * @throws VerificationException if a layer does not have its digest
     * @throws StorageException if the visitor fails
     */
    public void readFiles(String directory, ImageFile.Visitor visitor) {
        ImageFiles files = new ImageFiles(directory, visitor);
        List<Descriptor> layers = manifest.layers();
        for (int i = layers.size() - 1; i >= 0; i--) {
            Descriptor layer = layers.get(i);
            String subject = repository.name() + " layer " + layer.digest();
            try (InputStream in = repository.blob(layer)) {
                files.read(in, subject);
            } catch (IOException e) {
                throw StorageException.of("read", subject, e);
            }
        }
    }
}
