package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.json.Json;
import dev.twoliter.oci.internal.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * An OCI image layout with one image in an uncompressed tar, as kit builds leave it (project-formats.md 3.3). Reading
 * keeps the file open and loads no blob into memory. Several threads may read blobs.
 */
public final class OciArchive implements AutoCloseable {

    private static final String CREATED = "org.opencontainers.image.created";
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
        ArchiveWriter.write(target, archive -> {
            archive.index(List.of(entry));
            archive.blob(image.manifest());
            archive.blob(image.config());
            for (Layer layer : image.layers()) {
                archive.blob(
                        layer.descriptor(),
                        BlobSource.of(layer.file()),
                        layer.file().toString());
            }
        });
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
     * {@return the descriptor of its one image or index; an image has its platform}
     *
     * @throws FormatException if it holds none or several
     */
    public Descriptor image() {
        List<Descriptor> images = images();
        if (images.size() != 1) {
            List<String> names = images.stream()
                    .flatMap(image -> Stream.ofNullable(image.annotations().get(ArchiveWriter.REF_NAME)))
                    .toList();
            throw new FormatException(
                    file.toString(),
                    "it holds " + images.size() + " images instead of one",
                    names.isEmpty() ? "" : "Name one of them: " + String.join(", ", names) + ".",
                    null);
        }
        return images.get(0);
    }

    /** {@return the descriptors of all that its index.json names, in order} */
    List<Descriptor> images() {
        String index = ArchiveWriter.INDEX_FILE;
        return ImageIndex.parse(file + " " + index, small(index)).manifests();
    }

    /**
     * {@return the archive as a repository to read from: by digest, or by the names in its index.json as tags}
     */
    public Repository repository() {
        return new ArchiveRepository(this, file);
    }

    /**
     * {@return the manifest of its image, verified}
     */
    public RawManifest manifest() {
        return manifest(image());
    }

    RawManifest manifest(Descriptor image) {
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
        return new VerifyingStream(entry(name(descriptor.digest())), descriptor, file.toString());
    }

    /** The size of a blob; empty when it is not there. */
    OptionalLong sizeOf(Digest digest) {
        TarArchiveEntry entry = entries.get(name(digest));
        return entry == null || !entry.isFile() ? OptionalLong.empty() : OptionalLong.of(entry.getSize());
    }

    private static String name(Digest digest) {
        return ArchiveWriter.BLOBS + digest.hex();
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
        List<BlobUpload> blobs = new ArrayList<>();
        manifest.layers().forEach(layer -> blobs.add(new BlobUpload(layer, () -> blob(layer))));
        blobs.add(new BlobUpload(manifest.config(), () -> blob(manifest.config())));
        repository.pushBlobs(blobs);
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
        // What is sparse or extended by size records is in no archive that an honest tool has made.
        if (entry == null || !entry.isFile() || entry.isSparse()) {
            throw new FormatException(file.toString(), "it lacks " + name, "Build the kit again.", null);
        }
        try {
            return Slice.of(file, entry.getDataOffset(), entry.getSize());
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
