package dev.twoliter.core.internal.resolve;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.SemVer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a kit says of itself: the image label {@code dev.bottlerocket.kit.vN}, base64 of compact JSON with sorted
 * members and one line feed (project-formats.md 3.1 and 3.2, newer-twoliter.md 3). Immutable, thread-safe.
 *
 * @param name the kit's name
 * @param version its version
 * @param sdk the SDK it was made with
 * @param kits the kits it needs
 */
public record KitLabel(String name, SemVer version, ImageDependency sdk, List<ImageDependency> kits) {

    /** The labels to write: of twoliter 0.7.3 to 0.24, and of 0.25. The payload is the same. */
    public static final List<String> WRITTEN = List.of("dev.bottlerocket.kit.v3", "dev.bottlerocket.kit.v4");

    /** The labels to read, newest first. */
    private static final List<String> READ = List.of(
            "dev.bottlerocket.kit.v4", "dev.bottlerocket.kit.v3", "dev.bottlerocket.kit.v2", "dev.bottlerocket.kit.v1");

    private static final Set<String> MEMBERS = Set.of("kit", "name", "sdk", "version");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_LENGTH = 1 << 20;

    public KitLabel {
        kits = List.copyOf(kits);
    }

    /**
     * Finds the label among an image's.
     *
     * @param labels the labels of an image's configuration
     * @return its value; empty when the image is no kit
     */
    public static Optional<String> find(Map<String, String> labels) {
        return READ.stream().filter(labels::containsKey).findFirst().map(labels::get);
    }

    /**
     * Writes a label.
     *
     * @param name the kit's name
     * @param version its version
     * @param sdk the locked SDK
     * @param kits the kits it needs
     * @return base64 text, one line
     */
    public static String write(String name, SemVer version, LockedImage sdk, List<ImageDependency> kits) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode kitNodes = root.putArray("kit");
        for (ImageDependency kit : kits) {
            kitNodes.addObject()
                    .put("name", kit.name())
                    .put("vendor", kit.vendor())
                    .put("version", kit.version().toString());
        }
        root.put("name", name);
        root.putObject("sdk")
                .put("digest", sdk.digest())
                .put("name", sdk.name())
                .put("source", sdk.source())
                .put("vendor", sdk.vendor())
                .put("version", sdk.version().toString());
        root.put("version", version.toString());
        return Base64.getEncoder().encodeToString((root + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads a label.
     *
     * @param subject the image, for messages
     * @param base64 the label's value
     * @return what it says
     * @throws FormatException if it is not a kit label
     */
    public static KitLabel parse(String subject, String base64) {
        if (base64.length() > MAX_LENGTH) {
            throw new FormatException(subject, "the kit label is longer than " + MAX_LENGTH + " characters");
        }
        JsonNode root;
        try {
            root = JSON.readTree(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException | JacksonException e) {
            throw new FormatException(subject, "the kit label is not base64 of JSON", "", e);
        } catch (java.io.IOException e) {
            throw new FormatException(subject, "the kit label cannot be read", "", e);
        }
        for (Iterator<String> names = root.fieldNames(); names.hasNext(); ) {
            String member = names.next();
            if (!MEMBERS.contains(member)) {
                throw new FormatException(subject, "the kit label has an unknown member '" + member + "'");
            }
        }
        JsonNode kitNodes = root.get("kit");
        JsonNode sdk = root.get("sdk");
        if (kitNodes == null || !kitNodes.isArray() || sdk == null || !sdk.isObject()) {
            throw new FormatException(subject, "the kit label lacks 'kit' or 'sdk'");
        }
        List<ImageDependency> kits = new ArrayList<>();
        for (JsonNode kit : kitNodes) {
            kits.add(dependency(subject, kit));
        }
        return new KitLabel(text(subject, root, "name"), version(subject, root), dependency(subject, sdk), kits);
    }

    private static ImageDependency dependency(String subject, JsonNode node) {
        return new ImageDependency(text(subject, node, "name"), version(subject, node), text(subject, node, "vendor"));
    }

    private static SemVer version(String subject, JsonNode node) {
        try {
            return SemVer.parse(text(subject, node, "version"));
        } catch (IllegalArgumentException e) {
            throw new FormatException(subject, "kit label: " + e.getMessage(), "", e);
        }
    }

    /** Names become directories, so only upstream's identifiers get through. */
    private static String text(String subject, JsonNode node, String member) {
        JsonNode value = node.get(member);
        boolean version = member.equals("version");
        if (value == null || !value.isTextual() || !(version || value.asText().matches("[A-Za-z0-9_-]+"))) {
            throw new FormatException(subject, "the kit label has no usable '" + member + "'");
        }
        return value.asText();
    }
}
