package dev.twoliter.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.FormatException;
import dev.twoliter.oci.internal.json.Json;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One image for each platform (OCI image specification 1.1, "Image Index"). Docker's manifest lists are read as well.
 * Immutable, thread-safe.
 *
 * @param manifests the images, in order
 * @param annotations annotations by name
 */
public record ImageIndex(List<Descriptor> manifests, Map<String, String> annotations) {

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
