package dev.twoliter.core.internal.publish;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.resolve.KitLabel;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageConfig;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.OciArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * A kit's image for one architecture as it was built.
 *
 * @param archive where it is
 * @param image its descriptor, as an index has it
 * @param label the label's text
 */
record LocalKit(Path archive, Descriptor image, String label) {

    static LocalKit read(Path file) {
        try (OciArchive archive = OciArchive.open(file)) {
            ImageManifest manifest =
                    ImageManifest.parse(file.toString(), archive.manifest().bytes());
            try (InputStream in = archive.blob(manifest.config())) {
                String label = KitLabel.find(ImageConfig.parse(file.toString(), in.readAllBytes())
                                .labels())
                        .orElseThrow(() -> new FormatException(file.toString(), "it holds no kit"));
                // An archive's descriptor has annotations of its own, which an index does not need.
                return new LocalKit(file, archive.image().withAnnotations(Map.of()), label);
            } catch (IOException e) {
                throw StorageException.of("read", file, e);
            }
        }
    }
}
