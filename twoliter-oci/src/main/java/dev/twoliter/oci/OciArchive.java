package dev.twoliter.oci;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.json.Json;
import dev.twoliter.oci.internal.tar.TarIndex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An OCI image layout with one image in an uncompressed tar, as kit builds leave it (project-formats.md 3.3). Reading
 * keeps the file open and loads no blob into memory. Not thread-safe.
 */
public final class OciArchive implements AutoCloseable {

    private static final String LAYOUT_FILE = "oci-layout";
    private static final String INDEX_FILE = "index.json";
    private static final String BLOBS = "blobs/sha256/";
    private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}\n";
    private static final String CREATED = "org.opencontainers.image.created";

    private final Path file;
    private final TarIndex tar;

    private OciArchive(Path file, TarIndex tar) {
        this.file = file;
        this.tar = tar;
    }

    /**
     * Writes an archive under a temporary name and renames it. The same image gives the same bytes.
     *
     * @param target where to
     * @param image the image
     * @throws StorageException if it cannot be written
     */
    public static void write(Path target, BuiltImage image) {
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        ImageConfig config = ImageConfig.parse(target.toString(), image.config().bytes());
        try {
            try (TarArchiveOutputStream out =
                    new TarArchiveOutputStream(Files.newOutputStream(temporary), StandardCharsets.UTF_8.name())) {
                // Sizes beyond 8 GiB in binary: readers that know no extended headers understand them.
                out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
                put(out, LAYOUT_FILE, LAYOUT.getBytes(StandardCharsets.UTF_8));
                Descriptor entry = image.descriptor()
                        .withAnnotations(Map.of(CREATED, config.created().toString()));
                put(out, INDEX_FILE, ImageIndex.of(List.of(entry)).toRaw().bytes());
                put(
                        out,
                        BLOBS + image.manifest().digest().hex(),
                        image.manifest().bytes());
                put(out, BLOBS + image.config().digest().hex(), image.config().bytes());
                for (Layer layer : image.layers()) {
                    try (InputStream in = Files.newInputStream(layer.file())) {
                        put(
                                out,
                                BLOBS + layer.descriptor().digest().hex(),
                                layer.descriptor().size(),
                                in);
                    }
                }
                out.finish();
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw StorageException.of("write", target, e);
        } finally {
            deleteQuietly(temporary);
        }
    }

    private static void put(TarArchiveOutputStream out, String name, byte[] bytes) throws IOException {
        put(out, name, bytes.length, new ByteArrayInputStream(bytes));
    }

    private static void put(TarArchiveOutputStream out, String name, long size, InputStream content)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry("./" + name, true);
        entry.setMode(0644);
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        entry.setModTime(0);
        entry.setSize(size);
        out.putArchiveEntry(entry);
        content.transferTo(out);
        out.closeArchiveEntry();
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // What made the archive fail is being reported; the remains do not have its name.
            System.getLogger(OciArchive.class.getName()).log(System.Logger.Level.DEBUG, "deleting " + file, e);
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
        try {
            return new OciArchive(file, TarIndex.open(file));
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
            throw new FormatException(file.toString(), "its manifest has " + image.size() + " bytes");
        }
        try (InputStream in = blob(image)) {
            return RawManifest.of(MediaTypes.MANIFEST, in.readAllBytes());
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
        return new VerifyingStream(tar.open(BLOBS + descriptor.digest().hex()), descriptor, file.toString());
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
        try (InputStream in = tar.open(name)) {
            byte[] bytes = in.readNBytes(Json.MAX_MANIFEST + 1);
            if (bytes.length > Json.MAX_MANIFEST) {
                throw new FormatException(file.toString(), name + " is too large");
            }
            return bytes;
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
