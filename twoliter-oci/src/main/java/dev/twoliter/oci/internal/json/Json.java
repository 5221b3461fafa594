package dev.twoliter.oci.internal.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.MediaTypes;
import dev.twoliter.oci.Platform;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads and writes the JSON documents of OCI. */
public final class Json {

    /** What the distribution specification asks registries to accept at least. */
    public static final int MAX_MANIFEST = 4 << 20;

    private static final int MAX_DEPTH = 32;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxDocumentLength(MAX_MANIFEST)
                            .build())
                    .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, true)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Reads an object. */
    public static JsonNode parse(String subject, byte[] bytes) {
        if (bytes.length > MAX_MANIFEST) {
            throw new FormatException(subject, "it is longer than " + MAX_MANIFEST + " bytes");
        }
        try {
            JsonNode root = MAPPER.readTree(decode(bytes));
            if (root == null || !root.isObject()) {
                throw new FormatException(subject, "it is not a JSON object");
            }
            return root;
        } catch (CharacterCodingException e) {
            throw new FormatException(subject, "it is not JSON in UTF-8", "", e);
        } catch (JacksonException e) {
            throw new FormatException(subject, "it is not JSON: " + e.getOriginalMessage(), "", e);
        }
    }

    /** Strictly: Jackson would guess other encodings, and lets some malformed UTF-8 pass. */
    private static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /** Compact, members in the order in which they were set. */
    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JacksonException e) {
            throw new IllegalStateException("a tree of plain values can always be written", e);
        }
    }

    /** The type of a manifest or index, where nothing but the document says it. */
    public static String mediaTypeOf(String subject, byte[] manifest) {
        JsonNode root = parse(subject, manifest);
        return root.path("mediaType").asText(root.has("manifests") ? MediaTypes.INDEX : MediaTypes.MANIFEST);
    }

    public static String text(String subject, JsonNode node, String member) {
        JsonNode value = node.get(member);
        if (value == null || !value.isTextual()) {
            throw new FormatException(subject, "'" + member + "' is missing or no text");
        }
        return value.asText();
    }

    public static Map<String, String> texts(JsonNode node) {
        TreeMap<String, String> map = new TreeMap<>();
        node.properties().forEach(e -> {
            if (e.getValue().isTextual()) {
                map.put(e.getKey(), e.getValue().asText());
            }
        });
        return map;
    }

    public static List<Descriptor> descriptors(String subject, JsonNode node, String member) {
        JsonNode array = node.get(member);
        if (array == null || !array.isArray()) {
            throw new FormatException(subject, "'" + member + "' is missing or no list");
        }
        List<Descriptor> list = new ArrayList<>();
        array.forEach(one -> list.add(descriptor(subject, one)));
        return list;
    }

    public static Descriptor descriptor(String subject, JsonNode node) {
        JsonNode size = node.get("size");
        if (size == null || !size.canConvertToLong() || !size.isIntegralNumber() || size.asLong() < 0) {
            throw new FormatException(subject, "a descriptor has no usable 'size'");
        }
        JsonNode p = node.get("platform");
        Platform platform = p == null || !p.isObject()
                ? null
                : new Platform(
                        p.path("os").asText(""),
                        p.path("architecture").asText(""),
                        p.path("variant").asText(""));
        return new Descriptor(
                node.path("mediaType").asText(""),
                digest(subject, text(subject, node, "digest")),
                size.asLong(),
                platform,
                texts(node.path("annotations")));
    }

    public static Digest digest(String subject, String text) {
        try {
            Digest digest = Digest.parse(text);
            if (!digest.algorithm().equals("sha256")) {
                throw new FormatException(subject, "the digest " + text + " is not SHA-256, which alone is supported");
            }
            return digest;
        } catch (IllegalArgumentException e) {
            throw new FormatException(subject, String.valueOf(e.getMessage()), "", e);
        }
    }

    /** Members in the specification's order: mediaType, digest, size, annotations, platform. */
    public static ObjectNode node(Descriptor descriptor) {
        ObjectNode node = object().put("mediaType", descriptor.mediaType())
                .put("digest", descriptor.digest().toString())
                .put("size", descriptor.size());
        if (!descriptor.annotations().isEmpty()) {
            node.set("annotations", node(descriptor.annotations()));
        }
        descriptor.platform().ifPresent(p -> node.set("platform", node(p)));
        return node;
    }

    private static ObjectNode node(Platform platform) {
        ObjectNode node = object().put("architecture", platform.architecture()).put("os", platform.os());
        return platform.variant().isEmpty() ? node : node.put("variant", platform.variant());
    }

    public static ObjectNode node(Map<String, String> texts) {
        ObjectNode node = object();
        new TreeMap<>(texts).forEach(node::put);
        return node;
    }
}
