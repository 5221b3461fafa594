package dev.twoliter.core.internal.publish;

import dev.twoliter.api.Arch;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.resolve.KitJson;
import dev.twoliter.core.internal.resolve.KitLabel;
import dev.twoliter.oci.BuiltImage;
import dev.twoliter.oci.ImageBuilder;
import dev.twoliter.oci.TarLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * The design's metadata image: one layer with {@code /kit.json} (formats.md, section 2; seed design, Kit Dependencies).
 * It says what the kit's label says, in the design's words.
 */
final class MetadataImage {

    private MetadataImage() {}

    /**
     * Builds the image.
     *
     * @param label what the kit's image says of itself
     * @param arch for which architecture
     * @param reference where an SDK or kit is published
     * @param scratch where the layer is written
     */
    static BuiltImage build(KitLabel label, Arch arch, Function<ImageDependency, String> reference, Path scratch) {
        byte[] document = KitJson.write(
                label.name(),
                label.version().toString(),
                arch,
                reference.apply(label.sdk()),
                label.kits().stream().map(reference).toList());
        try {
            Path layer = Files.createDirectories(scratch).resolve("metadata-" + label.name() + "-" + arch + ".tar");
            return ImageBuilder.forArch(arch)
                    .addLayer(TarLayer.at(0).file(KitJson.FILE, document, 0644).writeTo(layer))
                    .build();
        } catch (IOException e) {
            throw StorageException.of("write", scratch, e);
        }
    }
}
