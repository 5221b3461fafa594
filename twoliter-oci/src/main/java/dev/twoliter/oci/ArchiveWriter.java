package dev.twoliter.oci;

import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.json.Json;
import dev.twoliter.oci.internal.layout.AtomicFile;
import dev.twoliter.oci.internal.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes an OCI image layout into a tar (OCI image specification 1.1, "Image Layout"). Not thread-safe. */
final class ArchiveWriter {

    static final String LAYOUT_FILE = "./oci-layout";
    static final String INDEX_FILE = "./index.json";
    static final String BLOBS = "./blobs/sha256/";

    /** The annotation that names an entry of index.json. */
    static final String REF_NAME = "org.opencontainers.image.ref.name";

    private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}\n";
    private static final int FILE_MODE = 0644;

    /** Puts everything in. */
    @FunctionalInterface
    interface Content {
        void writeTo(ArchiveWriter archive) throws IOException;
    }

    private final TarWriter out;
    private final Path target;
    private final Set<String> written = new HashSet<>();

    private ArchiveWriter(TarWriter out, Path target) {
        this.out = out;
        this.target = target;
    }

    static void write(Path target, Content content) {
        try {
            AtomicFile.write(target, raw -> {
                try (TarWriter out = new TarWriter(raw, 0)) {
                    ArchiveWriter archive = new ArchiveWriter(out, target);
                    archive.put(LAYOUT_FILE, LAYOUT.getBytes(StandardCharsets.UTF_8));
                    content.writeTo(archive);
                    out.finish();
                }
            });
        } catch (IOException e) {
            throw StorageException.of("write", target, e);
        }
    }

    static Descriptor named(Descriptor image, String name) {
        Map<String, String> annotations = new TreeMap<>(image.annotations());
        if (!name.isEmpty()) {
            annotations.put(REF_NAME, name);
        }
        return image.withAnnotations(annotations);
    }

    void index(List<Descriptor> images) throws IOException {
        put(INDEX_FILE, ImageIndex.of(images).toRaw().bytes());
    }

    void blob(RawManifest blob) throws IOException {
        blob(blob.descriptor(), BlobSource.of(blob.bytes()), "the manifest");
    }

    /** Writes a blob, verified while it is read; one that is there is not written again. */
    void blob(Descriptor blob, BlobSource source, String subject) throws IOException {
        Json.digest(target.toString(), blob.digest().toString());
        String name = BLOBS + blob.digest().hex();
        if (written.add(name)) {
            try (InputStream in = new VerifyingStream(source.open(), blob, subject)) {
                out.file(name, FILE_MODE, blob.size(), in);
            }
        }
    }

    private void put(String name, byte[] bytes) throws IOException {
        out.file(name, FILE_MODE, bytes.length, new ByteArrayInputStream(bytes));
    }
}
