package dev.twoliter.oci.internal.layout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.BlobMount;
import dev.twoliter.oci.BlobSource;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.MediaTypes;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.VerifyingStream;
import dev.twoliter.oci.internal.json.Json;
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
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One OCI image layout: {@code oci-layout}, {@code index.json}, {@code blobs/sha256}. A tag is an entry of index.json
 * with the annotation {@value #REF_NAME}. Everything is written under a temporary name and renamed; changes of
 * index.json are serialised by a lock file.
 */
final class LayoutRepository implements Repository {

    static final String REF_NAME = "org.opencontainers.image.ref.name";

    private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}\n";

    /** A process loses its lock of a file when it closes any channel to it: so only one thread at a time has one open. */
    private static final Object IN_PROCESS = new Object();

    private final String registry;
    private final String name;
    private final Path tree;
    private final Path directory;

    LayoutRepository(String registry, String name, Path tree) {
        this.registry = registry;
        this.name = name;
        this.tree = tree;
        this.directory = tree.resolve(name);
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
        if (!Files.isDirectory(tree)) {
            throw new RegistryException(
                    registry,
                    name,
                    404,
                    false,
                    "the registry " + registry + " does not exist: there is no directory " + tree,
                    "Correct the vendor's registry, or publish something to it first.",
                    null);
        }
        if (!tagOrDigest.startsWith("sha256:")) {
            return tagged(tagOrDigest)
                    .map(d -> read(d.digest(), d.mediaType()).orElseThrow(() -> missing("manifest", d.digest(), null)));
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
            Digest actual = Digest.ofBytes(bytes);
            if (!actual.equals(digest)) {
                throw VerificationException.digest(
                        file.toString(), digest, actual, "The layout is damaged: publish the image anew.");
            }
            return Optional.of(
                    RawManifest.of(mediaType.isEmpty() ? Json.mediaTypeOf(file.toString(), bytes) : mediaType, bytes));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    @Override
    public InputStream blob(Descriptor descriptor) {
        Path file = blob(descriptor.digest());
        try {
            if (!Files.isRegularFile(file)) {
                throw new NoSuchFileException(file.toString());
            }
            return new VerifyingStream(Files.newInputStream(file), descriptor, reference());
        } catch (NoSuchFileException e) {
            throw missing("blob", descriptor.digest(), e);
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    @Override
    public InputStream blob(Descriptor descriptor, long offset) {
        Path file = blob(descriptor.digest());
        try {
            InputStream in = Files.newInputStream(file);
            try {
                in.skipNBytes(offset);
                return in;
            } catch (IOException e) {
                in.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            throw missing("blob", descriptor.digest(), e);
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private RegistryException missing(String what, Digest digest, @Nullable IOException cause) {
        return new RegistryException(
                registry,
                name,
                0,
                false,
                reference() + " lacks the " + what + " " + digest + " (" + blob(digest) + ")",
                "The layout is incomplete: publish the image anew.",
                cause);
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
                AtomicFile.write(file, in::transferTo);
            }
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
    }

    /** A second name for the same bytes, which are verified first. */
    @Override
    public BlobMount mountBlob(Descriptor descriptor, Repository from) {
        Path file = blob(descriptor.digest());
        try {
            if (isIntact(file, descriptor)) {
                return BlobMount.PRESENT;
            }
            boolean linked = from instanceof LayoutRepository other
                    && isIntact(other.blob(descriptor.digest()), descriptor)
                    && AtomicFile.link(file, other.blob(descriptor.digest()));
            return linked ? BlobMount.MOUNTED : BlobMount.ABSENT;
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
    }

    /** A damaged blob is written anew, as our messages advise; so it does not suffice that one is there. */
    private static boolean isIntact(Path file, Descriptor descriptor) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) != descriptor.size()) {
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
            store(file, manifest.bytes());
            if (tags.length > 0) {
                tag(manifest.descriptor(), List.of(tags));
            }
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
        return manifest.descriptor();
    }

    /** Entries of other tools are kept to the letter, also what of them {@link Descriptor} does not hold. */
    private void tag(Descriptor descriptor, List<String> tags) throws IOException {
        synchronized (IN_PROCESS) {
            try (FileChannel channel = FileChannel.open(
                            directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = acquire(channel)) {
                Objects.requireNonNull(lock);
                ObjectNode index = indexTree();
                List<JsonNode> entries = new ArrayList<>();
                index.withArray("manifests").forEach(entries::add);
                for (String tag : tags) {
                    entries.removeIf(entry -> tag.equals(tagOf(entry)));
                    entries.add(Json.node(descriptor.withAnnotations(Map.of(REF_NAME, tag))));
                }
                entries.sort(Comparator.comparing(LayoutRepository::tagOf));
                index.putArray("manifests").addAll(entries);
                store(directory.resolve("oci-layout"), LAYOUT.getBytes(StandardCharsets.UTF_8));
                store(indexFile(), Json.bytes(index));
                AtomicFile.deleteLeftovers(directory);
                AtomicFile.deleteLeftovers(blob(descriptor.digest()).resolveSibling("."));
            }
        }
    }

    private static String tagOf(JsonNode entry) {
        return entry.path("annotations").path(REF_NAME).asText("");
    }

    /** Where this class is loaded twice, the file system's locks collide instead of waiting. */
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
                .distinct()
                .sorted()
                .toList();
    }

    private List<Descriptor> index() {
        return indexBytes()
                .map(bytes -> ImageIndex.parse(indexFile().toString(), bytes).manifests())
                .orElse(List.of());
    }

    /** The index to change; one that cannot be read is not changed. */
    private ObjectNode indexTree() {
        String subject = indexFile().toString();
        return indexBytes()
                .map(bytes -> {
                    ImageIndex.parse(subject, bytes);
                    return (ObjectNode) Json.parse(subject, bytes);
                })
                .orElseGet(() -> Json.object().put("schemaVersion", 2).put("mediaType", MediaTypes.INDEX));
    }

    /** Empty when there is no layout yet. */
    private Optional<byte[]> indexBytes() {
        Path file = indexFile();
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            if (Files.size(file) > Json.MAX_MANIFEST) {
                throw new FormatException(file.toString(), "it is too large to be an index");
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private Path indexFile() {
        return directory.resolve("index.json");
    }

    private Path blob(Digest digest) {
        return directory.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
    }

    private static void store(Path file, byte[] content) throws IOException {
        AtomicFile.write(file, out -> out.write(content));
    }
}
