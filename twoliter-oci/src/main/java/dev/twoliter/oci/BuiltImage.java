package dev.twoliter.oci;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An image whose manifest and configuration are in memory and whose layers are in files: what {@link ImageBuilder}
 * makes. Immutable, thread-safe.
 *
 * @param manifest the manifest
 * @param descriptor the manifest's descriptor, with its platform
 * @param config the configuration's bytes
 * @param layers the layers, lowest first
 */
public record BuiltImage(RawManifest manifest, Descriptor descriptor, RawManifest config, List<Layer> layers) {
    public BuiltImage {
        Objects.requireNonNull(manifest, "manifest");
        Objects.requireNonNull(descriptor, "descriptor");
        Objects.requireNonNull(config, "config");
        layers = List.copyOf(layers);
    }

    /**
     * Stores the image: layers and configuration, then the manifest.
     *
     * @param repository where to
     * @param tags the tags that shall name it; may be none
     * @return a descriptor of it, with its platform
     */
    public Descriptor pushTo(Repository repository, String... tags) {
        List<BlobUpload> blobs = new ArrayList<>();
        layers.forEach(layer -> blobs.add(new BlobUpload(layer.descriptor(), BlobSource.of(layer.file()))));
        blobs.add(new BlobUpload(config.descriptor(), BlobSource.of(config.bytes())));
        repository.pushBlobs(blobs);
        repository.pushManifest(manifest, tags);
        return descriptor;
    }
}
