package dev.twoliter.core.internal.compare;

import dev.twoliter.api.KitMetadata;
import dev.twoliter.core.internal.resolve.KitLabel;
import java.util.Map;
import java.util.Optional;

/** The label of a kit's image as users see it. */
public final class KitLabels {

    private KitLabels() {}

    /**
     * Reads the newest label that can be read.
     *
     * @param subject the image, for messages
     * @param labels the labels of its configuration
     * @return what it says; empty when the image is no kit
     */
    public static Optional<KitMetadata> read(String subject, Map<String, String> labels) {
        return KitLabel.find(labels).map(text -> {
            KitLabel label = KitLabel.parse(subject, text);
            return new KitMetadata(label.name(), label.version(), label.sdk(), label.kits());
        });
    }
}
