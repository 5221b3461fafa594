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
 * One image (OCI image specification 1.1, "Image Manifest"). Docker's manifests of schema 2 are read as well. Immutable,
 * thread-safe.
 *
 * @param config the configuration
 * @param layers the layers, lowest first
 * @param annotations annotations by name
 */
public record ImageManifest(Descriptor config, List<Descriptor> layers, Map<String, String> annotations) {

    public ImageManifest {
        layers = List.copyOf(layers);
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /**
     * Reads a manifest.
     *
     * @param subject where it is from, for messages
     * @param bytes the JSON document
     * @return the manifest
     * @throws FormatException if it is none
     */
    public static ImageManifest parse(String subject, byte[] bytes) {
        JsonNode root = Json.parse(subject, bytes);
        if (!root.path("config").isObject()) {
            throw new FormatException(subject, "this is not an image manifest");
        }
        return new ImageManifest(
                Json.descriptor(subject, root.get("config")),
                Json.descriptors(subject, root, "layers"),
                Json.texts(root.path("annotations")));
    }

    /** {@return the manifest as it is stored} */
    public RawManifest toRaw() {
        ObjectNode root = Json.object().put("schemaVersion", 2).put("mediaType", MediaTypes.MANIFEST);
        root.set("config", Json.node(config));
        ArrayNode list = root.putArray("layers");
        layers.forEach(layer -> list.add(Json.node(layer)));
        if (!annotations.isEmpty()) {
            root.set("annotations", Json.node(annotations));
        }
        return RawManifest.of(MediaTypes.MANIFEST, Json.bytes(root));
    }
}
