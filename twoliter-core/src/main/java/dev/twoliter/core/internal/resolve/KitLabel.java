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
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

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

    private static final String PREFIX = "dev.bottlerocket.kit.";

    /** The numbers of the labels that are read: the payload of all is the same. */
    private static final int OLDEST = 1;

    private static final int NEWEST = 4;

    private static final Set<String> MEMBERS = Set.of("kit", "name", "sdk", "version");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_LENGTH = 1 << 20;
    private static final String BROKEN = "The kit is broken as it was published: ask its vendor.";

    public KitLabel {
        kits = List.copyOf(kits);
    }

    /**
     * Finds the label among an image's: the newest that can be read.
     *
     * @param labels the labels of an image's configuration
     * @return its value; empty when the image is no kit, or one of another time
     */
    public static Optional<String> find(Map<String, String> labels) {
        SortedSet<Integer> numbers = numbers(labels);
        return numbers.isEmpty() ? Optional.empty() : Optional.ofNullable(labels.get(PREFIX + "v" + numbers.last()));
    }

    /** {@return the kit labels among an image's labels, of whatever number} */
    static SortedMap<String, String> among(Map<String, String> labels) {
        SortedMap<String, String> found = new TreeMap<>(labels);
        found.keySet().removeIf(name -> !name.startsWith(PREFIX));
        return found;
    }

    /** {@return the numbers of those labels that can be read} */
    static SortedSet<Integer> numbers(Map<String, String> labels) {
        SortedSet<Integer> numbers = new TreeSet<>();
        for (int number = OLDEST; number <= NEWEST; number++) {
            if (labels.containsKey(PREFIX + "v" + number)) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    /**
     * Finds the label among the kit labels of an image that has some.
     *
     * @throws FormatException if none of them can be read; the message says whether they are older or newer
     */
    static String require(String subject, SortedMap<String, String> labels) {
        return find(labels).orElseThrow(() -> {
            String found = labels.lastKey().substring(PREFIX.length());
            int age = age(found);
            return new FormatException(
                    subject,
                    "its kit label has the version " + found + ", which is "
                            + (age < 0 ? "older than" : age > 0 ? "newer than" : "different from")
                            + " those that are supported: v" + OLDEST + " to v" + NEWEST,
                    age > 0
                            ? "Use a newer twoliter, or an older version of the kit."
                            : "Use another version of the kit.",
                    null);
        });
    }

    /** Less than 0: older than what is supported; more: newer; 0: it is no number. */
    private static int age(String version) {
        if (!version.matches("v[0-9]{1,18}")) {
            return 0;
        }
        return Long.parseLong(version.substring(1)) < OLDEST ? -1 : 1;
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
        byte[] json;
        try {
            json = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new FormatException(subject, "the kit label cannot be decoded: it is not base64", BROKEN, e);
        }
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JacksonException e) {
            throw new FormatException(subject, "the kit label cannot be parsed: " + e.getOriginalMessage(), BROKEN, e);
        } catch (java.io.IOException e) {
            throw new FormatException(subject, "the kit label cannot be read", BROKEN, e);
        }
        for (Iterator<String> names = root.fieldNames(); names.hasNext(); ) {
            String member = names.next();
            if (!MEMBERS.contains(member)) {
                throw new FormatException(
                        subject, "the kit label has an unknown member '" + member + "'", BROKEN, null);
            }
        }
        JsonNode kitNodes = root.get("kit");
        JsonNode sdk = root.get("sdk");
        if (kitNodes == null || !kitNodes.isArray() || sdk == null || !sdk.isObject()) {
            throw new FormatException(subject, "the kit label lacks 'kit' or 'sdk'", BROKEN, null);
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
            throw new FormatException(subject, "kit label: " + e.getMessage(), BROKEN, e);
        }
    }

    /** Names become directories, so only upstream's identifiers get through. */
    private static String text(String subject, JsonNode node, String member) {
        JsonNode value = node.get(member);
        boolean version = member.equals("version");
        if (value == null || !value.isTextual() || !(version || value.asText().matches("[A-Za-z0-9_-]+"))) {
            throw new FormatException(subject, "the kit label has no usable '" + member + "'", BROKEN, null);
        }
        return value.asText();
    }
}
