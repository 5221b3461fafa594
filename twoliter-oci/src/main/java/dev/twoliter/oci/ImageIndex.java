package dev.twoliter.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.FormatException;
import dev.twoliter.oci.internal.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * One image for each platform (OCI image specification 1.1, "Image Index"). Docker's manifest lists are read as well.
 * Immutable, thread-safe.
 *
 * @param manifests the images, in order
 * @param annotations annotations by name
 */
public record ImageIndex(List<Descriptor> manifests, Map<String, String> annotations) {

    private static final Comparator<Optional<String>> PLATFORMS_FIRST =
            Comparator.comparing(name -> name.orElse("\uffff"));

    public ImageIndex {
        manifests = List.copyOf(manifests);
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /**
     * Makes an index without annotations.
     *
     * @param manifests the images
     * @return the index
     */
    public static ImageIndex of(List<Descriptor> manifests) {
        return new ImageIndex(manifests, Map.of());
    }

    /**
     * {@return the image for a platform, if there is one; the first of several}
     *
     * @param platform which
     */
    public Optional<Descriptor> image(Platform platform) {
        return manifests.stream().filter(isFor(platform)).findFirst();
    }

    /**
     * Appends an image, or replaces those of the same platform. Images are in the order of their platforms' names, and
     * what has no platform follows as it stood: so the same images give the same index, whoever added them in which
     * order.
     *
     * @param image the image, with its platform
     * @return the index with it
     * @throws IllegalArgumentException if it has no platform
     */
    public ImageIndex with(Descriptor image) {
        Platform platform = image.platform()
                .orElseThrow(() -> new IllegalArgumentException("the image " + image.digest() + " is for no platform"));
        List<Descriptor> images = new ArrayList<>(without(platform).manifests);
        images.add(image);
        images.sort(Comparator.comparing(entry -> entry.platform().map(Platform::toString), PLATFORMS_FIRST));
        return new ImageIndex(images, annotations);
    }

    /**
     * {@return the index without the images of a platform}
     *
     * @param platform which
     */
    public ImageIndex without(Platform platform) {
        return new ImageIndex(
                manifests.stream().filter(isFor(platform).negate()).toList(), annotations);
    }

    private static Predicate<Descriptor> isFor(Platform platform) {
        return image -> image.platform().filter(platform::matches).isPresent();
    }

    /**
     * {@return whether a document is an index or manifest list rather than the manifest of one image}
     *
     * @param bytes the document; one that is no JSON is no index
     */
    public static boolean isIndex(byte[] bytes) {
        try {
            return Json.parse("", bytes).has("manifests");
        } catch (FormatException e) {
            return false;
        }
    }

    /**
     * Reads an index.
     *
     * @param subject where it is from, for messages
     * @param bytes the JSON document
     * @return the index
     * @throws FormatException if it is none
     */
    public static ImageIndex parse(String subject, byte[] bytes) {
        JsonNode root = Json.parse(subject, bytes);
        if (!root.has("manifests")) {
            throw new FormatException(
                    subject,
                    "this is not an image index",
                    "SDKs and kits are published as an index over architectures, also when there is only one.",
                    null);
        }
        return new ImageIndex(Json.descriptors(subject, root, "manifests"), Json.texts(root.path("annotations")));
    }

    /** {@return the index as it is stored} */
    public RawManifest toRaw() {
        ObjectNode root = Json.object().put("schemaVersion", 2).put("mediaType", MediaTypes.INDEX);
        ArrayNode list = root.putArray("manifests");
        manifests.forEach(manifest -> list.add(Json.node(manifest)));
        if (!annotations.isEmpty()) {
            root.set("annotations", Json.node(annotations));
        }
        return RawManifest.of(MediaTypes.INDEX, Json.bytes(root));
    }
}
