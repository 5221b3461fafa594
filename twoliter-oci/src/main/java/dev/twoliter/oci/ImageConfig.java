package dev.twoliter.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.oci.internal.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The configuration of an image without a program: platform, labels, layers (OCI image specification 1.1, "Image
 * Configuration"). Immutable, thread-safe.
 *
 * @param platform what it runs on
 * @param created when it was made
 * @param labels labels by name
 * @param diffIds the digest of each layer's uncompressed tar, lowest first
 */
public record ImageConfig(Platform platform, Instant created, Map<String, String> labels, List<Digest> diffIds) {

    public ImageConfig {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        diffIds = List.copyOf(diffIds);
    }

    /**
     * Reads a configuration.
     *
     * @param subject where it is from, for messages
     * @param bytes the JSON document
     * @return the configuration
     * @throws FormatException if it is none
     */
    public static ImageConfig parse(String subject, byte[] bytes) {
        JsonNode root = Json.parse(subject, bytes);
        List<Digest> diffIds = new ArrayList<>();
        root.path("rootfs").path("diff_ids").forEach(id -> diffIds.add(Json.digest(subject, id.asText())));
        Instant created;
        try {
            created = Instant.parse(root.path("created").asText("1970-01-01T00:00:00Z"));
        } catch (java.time.format.DateTimeParseException e) {
            created = Instant.EPOCH;
        }
        return new ImageConfig(
                new Platform(
                        root.path("os").asText(""),
                        root.path("architecture").asText(""),
                        root.path("variant").asText("")),
                created,
                Json.texts(root.path("config").path("Labels")),
                diffIds);
    }

    /** {@return the configuration as it is stored; members in the order of upstream's kits (project-formats.md 3.3)} */
    public byte[] toJson() {
        ObjectNode root = Json.object().put("architecture", platform.architecture());
        ObjectNode config = root.putObject("config");
        config.putArray("Env");
        config.put("WorkingDir", "/");
        config.putNull("OnBuild");
        config.set("Labels", Json.node(labels));
        root.put("created", created.toString());
        root.putArray("history");
        root.put("os", platform.os());
        ObjectNode rootfs = root.putObject("rootfs").put("type", "layers");
        ArrayNode ids = rootfs.putArray("diff_ids");
        diffIds.forEach(id -> ids.add(id.toString()));
        return Json.bytes(root);
    }
}
