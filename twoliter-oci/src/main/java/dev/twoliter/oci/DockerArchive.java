package dev.twoliter.oci;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.json.Json;
import dev.twoliter.oci.internal.layout.AtomicFile;
import dev.twoliter.oci.internal.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tar that {@code docker load} takes: {@code manifest.json} names the configuration and the layers, which may be
 * compressed (Docker image specification 1.2, "Combined Image JSON + Filesystem Changeset Format").
 */
final class DockerArchive {

    private static final int FILE_MODE = 0644;

    private DockerArchive() {}

    static void write(Path target, String name, RawManifest config, List<BlobUpload> layers) {
        String configFile = config.digest().hex() + ".json";
        try {
            AtomicFile.write(target, raw -> {
                try (TarWriter out = new TarWriter(raw, 0)) {
                    put(out, configFile, config.bytes());
                    Set<String> written = new HashSet<>();
                    for (BlobUpload layer : layers) {
                        if (written.add(file(layer))) {
                            put(out, layer);
                        }
                    }
                    put(out, "manifest.json", manifest(name, configFile, layers));
                    out.finish();
                }
            });
        } catch (IOException e) {
            throw StorageException.of("write", target, e);
        }
    }

    private static byte[] manifest(String name, String config, List<BlobUpload> layers) {
        ObjectNode root = Json.object();
        ObjectNode image = root.putArray("images").addObject();
        image.put("Config", config);
        image.putArray("RepoTags").add(name);
        ArrayNode files = image.putArray("Layers");
        layers.forEach(layer -> files.add(file(layer)));
        return Json.bytes(root.path("images"));
    }

    private static String file(BlobUpload layer) {
        String end = layer.descriptor().mediaType().equals(MediaTypes.LAYER_TAR) ? ".tar" : ".tar.gz";
        return layer.descriptor().digest().hex() + end;
    }

    private static void put(TarWriter out, String name, byte[] bytes) throws IOException {
        out.file(name, FILE_MODE, bytes.length, new ByteArrayInputStream(bytes));
    }

    private static void put(TarWriter out, BlobUpload layer) throws IOException {
        try (InputStream in = new VerifyingStream(
                layer.source().open(),
                layer.descriptor(),
                "the layer " + layer.descriptor().digest())) {
            out.file(file(layer), FILE_MODE, layer.descriptor().size(), in);
        }
    }
}
