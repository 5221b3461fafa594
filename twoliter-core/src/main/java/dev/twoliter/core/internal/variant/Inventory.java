package dev.twoliter.core.internal.variant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Declaration;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.io.Json;
import dev.twoliter.core.internal.plan.Stamp;
import dev.twoliter.rpm.RpmPackage;
import dev.twoliter.rpm.RpmTag;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code application-inventory.json}, which vulnerability scanners read inside the image and beside it (variant-image.md
 * 2.3; since twoliter 0.6 the kit is the publisher and the prefix is left out: newer-twoliter.md 6). Its one time is
 * {@code SOURCE_DATE_EPOCH}, so that the same build has the same bytes. Immutable, thread-safe.
 */
final class Inventory {

    static final String FILE = "application-inventory.json";

    private final byte[] text;

    /**
     * Makes an inventory.
     *
     * @param installed the packages
     * @param stamp when
     * @param guests the inventories of the images inside; what is in several is told once
     */
    Inventory(InstalledPackages installed, Stamp stamp, List<JsonNode> guests) {
        ArrayNode content = Json.MAPPER.createArrayNode();
        String time = Instant.ofEpochSecond(stamp.epochSeconds()).toString();
        for (InstalledPackages.Installed one : installed.packages()) {
            RpmPackage rpm = RpmPackage.open(one.file());
            String name = one.pkg().name();
            boolean prefixed = name.startsWith(Declaration.DEFAULT_PREFIX);
            content.addObject()
                    .put("Name", prefixed ? name.substring(Declaration.DEFAULT_PREFIX.length()) : name)
                    .put("Publisher", one.kit())
                    .put("Version", rpm.nevra().evr().version())
                    .put("Release", rpm.nevra().evr().release())
                    .put("Epoch", Long.toString(rpm.nevra().evr().epoch()))
                    .put("InstalledTime", time)
                    .put("ApplicationType", rpm.header().string(RpmTag.GROUP).orElse("Unspecified"))
                    .put("Architecture", rpm.nevra().arch())
                    .put("Url", rpm.url())
                    .put("Summary", rpm.summary());
        }
        ObjectNode root = Json.MAPPER.createObjectNode();
        root.set("Content", guests.isEmpty() ? content : merge(content, guests));
        this.text = Json.pretty(root);
    }

    /** By what identifies a package, as upstream; what the host itself installs wins (newer-twoliter.md 4). */
    private static ArrayNode merge(ArrayNode own, List<JsonNode> guests) {
        SortedMap<List<String>, JsonNode> all = new TreeMap<>(Inventory::compare);
        own.forEach(one -> all.putIfAbsent(identity(one), one));
        guests.forEach(guest -> guest.path("Content").forEach(one -> all.putIfAbsent(identity(one), one)));
        return Json.MAPPER.createArrayNode().addAll(all.values());
    }

    private static List<String> identity(JsonNode one) {
        return Stream.of("Name", "Version", "Release", "Epoch", "Architecture")
                .map(key -> one.path(key).asText())
                .toList();
    }

    private static int compare(List<String> a, List<String> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = a.get(i).compareTo(b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    byte[] text() {
        return text.clone();
    }

    void writeTo(Path directory) {
        AtomicFiles.write(directory.resolve(FILE), text);
    }
}
