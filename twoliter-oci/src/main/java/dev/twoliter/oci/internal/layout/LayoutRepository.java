package dev.twoliter.oci.internal.layout;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.BlobSource;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.MediaTypes;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.VerifyingStream;
import dev.twoliter.oci.internal.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One OCI image layout: {@code oci-layout}, {@code index.json}, {@code blobs/sha256}. A tag is an entry of index.json
 * with the annotation {@value #REF_NAME}. Everything is written under a temporary name and renamed; changes of
 * index.json are serialised by a lock file.
 */
final class LayoutRepository implements Repository {

    static final String REF_NAME = "org.opencontainers.image.ref.name";

    private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}\n";

    private final String registry;
    private final String name;
    private final Path directory;

    LayoutRepository(String registry, String name, Path directory) {
        this.registry = registry;
        this.name = name;
        this.directory = directory;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String reference() {
        return registry + "/" + name;
    }

    @Override
    public Optional<RawManifest> manifest(String tagOrDigest) {
        if (!tagOrDigest.startsWith("sha256:")) {
            return tagged(tagOrDigest).flatMap(d -> read(d.digest(), d.mediaType()));
        }
        Digest digest = Json.digest(reference(), tagOrDigest);
        return read(digest, "");
    }

    private Optional<Descriptor> tagged(String tag) {
        return index().stream()
                .filter(d -> tag.equals(d.annotations().get(REF_NAME)))
                .findFirst();
    }

    private Optional<RawManifest> read(Digest digest, String mediaType) {
        Path file = blob(digest);
        try {
            if (Files.size(file) > Json.MAX_MANIFEST) {
                throw new FormatException(file.toString(), "it is too large to be a manifest");
            }
            byte[] bytes = Files.readAllBytes(file);
            RawManifest manifest = RawManifest.of(mediaType.isEmpty() ? typeOf(file, bytes) : mediaType, bytes);
            if (!manifest.digest().equals(digest)) {
                throw VerificationException.digest(
                        file.toString(), digest, manifest.digest(), "The layout is damaged: publish the image anew.");
            }
            return Optional.of(manifest);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private static String typeOf(Path file, byte[] bytes) {
        var root = Json.parse(file.toString(), bytes);
        return root.path("mediaType").asText(root.has("manifests") ? MediaTypes.INDEX : MediaTypes.MANIFEST);
    }

    @Override
    public InputStream blob(Descriptor descriptor) {
        Path file = blob(descriptor.digest());
        try {
            return new VerifyingStream(Files.newInputStream(file), descriptor, reference());
        } catch (NoSuchFileException e) {
            throw new RegistryException(
                    registry,
                    name,
                    0,
                    false,
                    reference() + " lacks the blob " + descriptor.digest() + " (" + file + ")",
                    "The layout is incomplete: publish the image anew.",
                    e);
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    @Override
    public boolean has(Digest digest) {
        return Files.isRegularFile(blob(digest));
    }

    @Override
    public void pushBlob(Descriptor descriptor, BlobSource source) {
        Path file = blob(descriptor.digest());
        try {
            if (isIntact(file, descriptor)) {
                return;
            }
            try (InputStream in = new VerifyingStream(source.open(), descriptor, "the content for " + reference())) {
                store(file, in);
            }
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
    }

    /** A damaged blob is replaced, so that publishing anew mends a layout. */
    private static boolean isIntact(Path file, Descriptor descriptor) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = new VerifyingStream(Files.newInputStream(file), descriptor, file.toString())) {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (VerificationException e) {
            return false;
        }
    }

    @Override
    public Descriptor pushManifest(RawManifest manifest, String... tags) {
        Path file = blob(manifest.digest());
        try {
            store(file, new ByteArrayInputStream(manifest.bytes()));
            if (tags.length > 0) {
                tag(manifest.descriptor(), List.of(tags));
            }
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
        return manifest.descriptor();
    }

    private void tag(Descriptor descriptor, List<String> tags) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = acquire(channel)) {
            Objects.requireNonNull(lock);
            List<Descriptor> entries = new ArrayList<>(index());
            for (String tag : tags) {
                entries.removeIf(d -> tag.equals(d.annotations().get(REF_NAME)));
                entries.add(descriptor.withAnnotations(Map.of(REF_NAME, tag)));
            }
            entries.sort(java.util.Comparator.comparing(d -> d.annotations().getOrDefault(REF_NAME, "")));
            store(directory.resolve("oci-layout"), new ByteArrayInputStream(LAYOUT.getBytes(StandardCharsets.UTF_8)));
            store(
                    directory.resolve("index.json"),
                    new ByteArrayInputStream(ImageIndex.of(entries).toRaw().bytes()));
        }
    }

    /** Within one process the file system's locks collide instead of waiting. */
    private static FileLock acquire(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException e) {
                try {
                    Thread.sleep(10);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new java.io.InterruptedIOException("interrupted while waiting for another writer");
                }
            }
        }
    }

    @Override
    public List<String> tags() {
        return index().stream()
                .map(d -> d.annotations().get(REF_NAME))
                .filter(Objects::nonNull)
                .sorted()
                .toList();
    }

    private List<Descriptor> index() {
        Path file = directory.resolve("index.json");
        try {
            if (!Files.isRegularFile(file)) {
                return List.of();
            }
            if (Files.size(file) > Json.MAX_MANIFEST) {
                throw new FormatException(file.toString(), "it is too large to be an index");
            }
            return ImageIndex.parse(file.toString(), Files.readAllBytes(file)).manifests();
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private Path blob(Digest digest) {
        return directory.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
    }

    private static void store(Path file, InputStream content) throws IOException {
        Path temporary = Files.createTempFile(Files.createDirectories(file.getParent()), ".", ".part");
        try {
            try (OutputStream out = Files.newOutputStream(temporary)) {
                content.transferTo(out);
            }
            if (temporary.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
