package dev.twoliter.oci;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.json.Json;
import dev.twoliter.oci.internal.layout.AtomicFile;
import dev.twoliter.oci.internal.tar.TarReader;
import dev.twoliter.oci.internal.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * An OCI image layout with one image in an uncompressed tar, as kit builds leave it (project-formats.md 3.3). Reading
 * keeps the file open and loads no blob into memory. Not thread-safe.
 */
public final class OciArchive implements AutoCloseable {

    private static final String LAYOUT_FILE = "./oci-layout";
    private static final String INDEX_FILE = "./index.json";
    private static final String BLOBS = "./blobs/sha256/";
    private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}\n";
    private static final String CREATED = "org.opencontainers.image.created";
    private static final int FILE_MODE = 0644;
    private static final int MAX_ENTRIES = 100_000;

    private final Path file;
    private final TarFile tar;
    private final Map<String, TarArchiveEntry> entries = new HashMap<>();

    private OciArchive(Path file, TarFile tar) {
        this.file = file;
        this.tar = tar;
        for (TarArchiveEntry entry : tar.getEntries()) {
            entries.put(entry.getName().startsWith("./") ? entry.getName() : "./" + entry.getName(), entry);
        }
    }

    /**
     * Writes an archive under a temporary name and renames it. The same image gives the same bytes.
     *
     * @param target where to
     * @param image the image
     * @throws StorageException if it cannot be written
     */
    public static void write(Path target, BuiltImage image) {
        ImageConfig config = ImageConfig.parse(target.toString(), image.config().bytes());
        Descriptor entry = image.descriptor()
                .withAnnotations(Map.of(CREATED, config.created().toString()));
        try {
            AtomicFile.write(target, raw -> {
                try (TarWriter out = new TarWriter(raw, 0)) {
                    put(out, LAYOUT_FILE, LAYOUT.getBytes(StandardCharsets.UTF_8));
                    put(out, INDEX_FILE, ImageIndex.of(List.of(entry)).toRaw().bytes());
                    put(out, image.manifest());
                    put(out, image.config());
                    for (Layer layer : image.layers()) {
                        put(out, layer);
                    }
                    out.finish();
                }
            });
        } catch (IOException e) {
            throw StorageException.of("write", target, e);
        }
    }

    private static void put(TarWriter out, RawManifest blob) throws IOException {
        put(out, BLOBS + blob.digest().hex(), blob.bytes());
    }

    private static void put(TarWriter out, String name, byte[] bytes) throws IOException {
        out.file(name, FILE_MODE, bytes.length, new ByteArrayInputStream(bytes));
    }

    private static void put(TarWriter out, Layer layer) throws IOException {
        Descriptor blob = layer.descriptor();
        try (InputStream in = new VerifyingStream(
                Files.newInputStream(layer.file()), blob, layer.file().toString())) {
            out.file(BLOBS + blob.digest().hex(), FILE_MODE, blob.size(), in);
        }
    }

    /**
     * Opens an archive.
     *
     * @param file the archive
     * @return the archive; to be closed
     * @throws StorageException if it cannot be read
     * @throws FormatException if it is no OCI archive
     */
    public static OciArchive open(Path file) {
        checkHeaders(file);
        try {
            return new OciArchive(file, new TarFile(file));
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        } catch (RuntimeException e) {
            throw new FormatException(file.toString(), "it is not a tar archive", "Build the kit again.", e);
        }
    }

    /** {@link TarFile} reads headers of any size and number into memory. */
    private static void checkHeaders(Path file) {
        try (TarReader tar = new TarReader(Files.newInputStream(file), file.toString(), Long.MAX_VALUE, MAX_ENTRIES)) {
            while (tar.next() != null) {
                // Each call checks one.
            }
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /**
     * {@return the descriptor of its one image, with its platform}
     *
     * @throws FormatException if it holds none or several
     */
    public Descriptor image() {
        List<Descriptor> images =
                ImageIndex.parse(file + " " + INDEX_FILE, small(INDEX_FILE)).manifests();
        if (images.size() != 1) {
            throw new FormatException(file.toString(), "it holds " + images.size() + " images instead of one");
        }
        return images.get(0);
    }

    /**
     * {@return the manifest of its image, verified}
     */
    public RawManifest manifest() {
        Descriptor image = image();
        if (image.size() > Json.MAX_MANIFEST) {
            throw new FormatException(file.toString(), "the manifest is too large");
        }
        try (InputStream in = blob(image)) {
            return RawManifest.of(image.mediaType(), in.readAllBytes());
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /**
     * Opens a blob.
     *
     * @param descriptor which
     * @return its content, verified while it is read
     * @throws FormatException if it is not there
     */
    public InputStream blob(Descriptor descriptor) {
        return new VerifyingStream(entry(BLOBS + descriptor.digest().hex()), descriptor, file.toString());
    }

    /**
     * Stores its image: layers and configuration, then the manifest.
     *
     * @param repository where to
     * @param tags the tags that shall name it; may be none
     * @return a descriptor of it, with its platform
     */
    public Descriptor pushTo(Repository repository, String... tags) {
        RawManifest raw = manifest();
        ImageManifest manifest = ImageManifest.parse(file.toString(), raw.bytes());
        List<Descriptor> blobs = new ArrayList<>(manifest.layers());
        blobs.add(manifest.config());
        for (Descriptor blob : blobs) {
            repository.pushBlob(blob, () -> blob(blob));
        }
        repository.pushManifest(raw, tags);
        return image();
    }

    private byte[] small(String name) {
        try (InputStream in = entry(name)) {
            byte[] bytes = in.readNBytes(Json.MAX_MANIFEST + 1);
            if (bytes.length > Json.MAX_MANIFEST) {
                throw new FormatException(file.toString(), name + " is too large");
            }
            return bytes;
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private InputStream entry(String name) {
        TarArchiveEntry entry = entries.get(name);
        if (entry == null || !entry.isFile()) {
            throw new FormatException(file.toString(), "it lacks " + name, "Build the kit again.", null);
        }
        try {
            return tar.getInputStream(entry);
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    @Override
    public void close() {
        try {
            tar.close();
        } catch (IOException e) {
            throw StorageException.of("close", file, e);
        }
    }
}
