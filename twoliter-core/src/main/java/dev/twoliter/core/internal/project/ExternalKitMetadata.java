package dev.twoliter.core.internal.project;

import dev.twoliter.api.Lock;
import dev.twoliter.api.LockedImage;
import java.text.Normalizer;
import java.util.stream.Collectors;

/**
 * {@code build/external-kits/external-kit-metadata.json}: the lock as canonical JSON by OLPC's rules, without a final
 * newline (project-formats.md 2.3 and 3.7; {@code project_vendor}: newer-twoliter.md 1).
 */
public final class ExternalKitMetadata {

    private ExternalKitMetadata() {}

    /**
     * {@return the text of the file}
     *
     * @param lock the lock
     */
    public static String format(Lock lock) {
        return lock.kits().stream().map(ExternalKitMetadata::image).collect(Collectors.joining(",", "{\"kit\":[", "]"))
                + ",\"project_vendor\":" + string(lock.projectVendor())
                + ",\"sdk\":" + image(lock.sdk()) + "}";
    }

    private static String image(LockedImage image) {
        return "{\"digest\":" + string(image.digest())
                + ",\"name\":" + string(image.name())
                + ",\"source\":" + string(image.source())
                + ",\"vendor\":" + string(image.vendor())
                + ",\"version\":" + string(image.version().toString()) + "}";
    }

    /** Only quotes and backslashes are escaped; control characters stay as they are. */
    private static String string(String text) {
        return '"'
                + Normalizer.normalize(text, Normalizer.Form.NFC)
                        .replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                + '"';
    }
}
