package dev.twoliter.oci;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known of an image without reading its layers. Immutable, thread-safe.
 *
 * @param reference what was asked for
 * @param descriptor the index or image
 * @param isIndex whether it is an index
 * @param annotations those of the index or manifest
 * @param images the images, in the order of the index; the image itself when it is no index
 * @param signatures how many signatures it has, in either form, whoever they are by
 */
public record ImageInspection(
        String reference,
        Descriptor descriptor,
        boolean isIndex,
        Map<String, String> annotations,
        List<Image> images,
        int signatures) {

    private static final int MAX_IMAGES = 1000;

    public ImageInspection {
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(descriptor, "descriptor");
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
        images = List.copyOf(images);
    }

    /**
     * One image. Immutable, thread-safe.
     *
     * @param descriptor its descriptor, with the platform that the index names, or else its configuration
     * @param created when it was made
     * @param labels the labels of its configuration
     * @param layers its layers, lowest first
     * @param signatures how many signatures it has, in either form
     */
    public record Image(
            Descriptor descriptor,
            Instant created,
            Map<String, String> labels,
            List<Descriptor> layers,
            int signatures) {

        public Image {
            Objects.requireNonNull(descriptor, "descriptor");
            Objects.requireNonNull(created, "created");
            labels = Collections.unmodifiableMap(new TreeMap<>(labels));
            layers = List.copyOf(layers);
        }

        /** {@return the bytes of its layers as they are stored} */
        public long size() {
            return layers.stream().mapToLong(Descriptor::size).sum();
        }
    }

    /**
     * Reads the manifests and configurations of an image or index. Docker's are read as well.
     *
     * @param repository where
     * @param reference a tag, or {@code sha256:HEX}
     * @return what they say
     * @throws RegistryException if it is not there, or the registry cannot be asked
     * @throws FormatException if it is no image
     */
    public static ImageInspection of(Repository repository, String reference) {
        String subject = ImageReader.subject(repository, reference);
        RawManifest root = ImageReader.manifest(repository, reference);
        int signatures = signatures(repository, root);
        if (!ImageIndex.isIndex(root.bytes())) {
            Image image = image(repository, root.descriptor(), root, signatures);
            ImageManifest manifest = ImageManifest.parse(subject, root.bytes());
            return new ImageInspection(
                    subject, root.descriptor(), false, manifest.annotations(), List.of(image), signatures);
        }
        ImageIndex index = ImageIndex.parse(subject, root.bytes());
        if (index.manifests().size() > MAX_IMAGES) {
            throw new FormatException(subject, "it has more than " + MAX_IMAGES + " images");
        }
        List<Image> images = new ArrayList<>();
        for (Descriptor entry : index.manifests()) {
            Optional<RawManifest> found = repository.manifest(entry.digest().toString());
            RawManifest raw = found.orElseThrow(() -> new FormatException(
                    subject,
                    "the image " + entry.digest() + " that it names is not there",
                    "It was pushed or copied in part: push it again.",
                    null));
            images.add(image(repository, entry, raw, signatures(repository, raw)));
        }
        return new ImageInspection(subject, root.descriptor(), true, index.annotations(), images, signatures);
    }

    private static Image image(Repository repository, Descriptor entry, RawManifest raw, int signatures) {
        String subject = ImageReader.subject(repository, raw.digest().toString());
        if (ImageIndex.isIndex(raw.bytes())) {
            throw new FormatException(
                    subject, "it is an index inside an index", "Inspect " + raw.digest() + " by itself.", null);
        }
        ImageManifest manifest = ImageManifest.parse(subject, raw.bytes());
        ImageConfig config = ImageReader.config(repository, manifest);
        Descriptor described =
                entry.platform().isPresent() || config.platform().architecture().isEmpty()
                        ? entry
                        : entry.withPlatform(config.platform());
        return new Image(described, config.created(), config.labels(), manifest.layers(), signatures);
    }

    private static int signatures(Repository repository, RawManifest image) {
        return ImageSignatures.check(repository, image.digest(), List.of()).signatures();
    }
}
