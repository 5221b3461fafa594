package dev.twoliter.core.internal.publish;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Arch;
import dev.twoliter.api.Lock;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.BuiltImage;
import dev.twoliter.oci.ImageBuilder;
import dev.twoliter.oci.TarLayer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The design's metadata image: one layer with {@code /kit.json} (formats.md, section 2; seed design, Kit Dependencies). */
final class MetadataImage {

    private static final ObjectMapper JSON = new ObjectMapper();

    private MetadataImage() {}

    static BuiltImage build(String kit, String version, Arch arch, Lock lock, List<String> localKits, Path scratch) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode node = root.putObject("kit")
                .put("name", kit)
                .put("version", "v" + version)
                .put("arch", arch.rpmName())
                .put("sdk", lock.sdk().source());
        ArrayNode dependencies = node.putArray("dependencies");
        localKits.forEach(dependencies::add);
        lock.kits().forEach(one -> dependencies.add(one.source()));
        try {
            Path layer = Files.createDirectories(scratch).resolve("metadata-" + kit + "-" + arch + ".tar");
            return ImageBuilder.forArch(arch)
                    .addLayer(TarLayer.at(0)
                            .file("kit.json", (root + "\n").getBytes(StandardCharsets.UTF_8), 0644)
                            .writeTo(layer))
                    .build();
        } catch (IOException e) {
            throw StorageException.of("write", scratch, e);
        }
    }
}
