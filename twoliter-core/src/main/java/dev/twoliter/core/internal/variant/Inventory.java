package dev.twoliter.core.internal.variant;

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

/**
 * {@code application-inventory.json}, which vulnerability scanners read inside the image and beside it (variant-image.md
 * 2.3; since twoliter 0.6 the kit is the publisher and the prefix is left out: newer-twoliter.md 6). Its one time is
 * {@code SOURCE_DATE_EPOCH}, so that the same build has the same bytes. Immutable, thread-safe.
 */
final class Inventory {

    static final String FILE = "application-inventory.json";

    private final byte[] text;

    Inventory(InstalledPackages installed, Stamp stamp) {
        ObjectNode root = Json.MAPPER.createObjectNode();
        ArrayNode content = root.putArray("Content");
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
        this.text = Json.pretty(root);
    }

    byte[] text() {
        return text.clone();
    }

    void writeTo(Path directory) {
        AtomicFiles.write(directory.resolve(FILE), text);
    }
}
