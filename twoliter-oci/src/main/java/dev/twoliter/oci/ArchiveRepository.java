package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** An {@link OciArchive} as a repository that can only be read. */
final class ArchiveRepository implements Repository {

    private final OciArchive archive;
    private final Path file;

    ArchiveRepository(OciArchive archive, Path file) {
        this.archive = archive;
        this.file = file;
    }

    @Override
    public String name() {
        return String.valueOf(file.getFileName());
    }

    @Override
    public String reference() {
        return "oci-archive:" + file;
    }

    @Override
    public Optional<RawManifest> manifest(String tagOrDigest) {
        if (!tagOrDigest.startsWith("sha256:")) {
            return archive.images().stream()
                    .filter(image -> tagOrDigest.equals(image.annotations().get(ArchiveWriter.REF_NAME)))
                    .findFirst()
                    .map(archive::manifest);
        }
        Digest digest = Json.digest(reference(), tagOrDigest);
        OptionalLong size = archive.sizeOf(digest);
        if (size.isEmpty()) {
            return Optional.empty();
        }
        RawManifest found = archive.manifest(Descriptor.of("", digest, size.getAsLong()));
        return Optional.of(RawManifest.of(Json.mediaTypeOf(reference(), found.bytes()), found.bytes()));
    }

    @Override
    public InputStream blob(Descriptor descriptor) {
        return archive.blob(descriptor);
    }

    @Override
    public InputStream blob(Descriptor descriptor, long offset) {
        InputStream in = archive.blob(descriptor);
        try {
            in.skipNBytes(offset);
            return in;
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    @Override
    public boolean has(Digest digest) {
        return archive.sizeOf(digest).isPresent();
    }

    @Override
    public void pushBlob(Descriptor descriptor, BlobSource source) {
        throw readOnly();
    }

    @Override
    public Descriptor pushManifest(RawManifest manifest, String... tags) {
        throw readOnly();
    }

    private RegistryException readOnly() {
        return new RegistryException(
                reference(),
                name(),
                0,
                false,
                reference() + " cannot be added to",
                "Copy to a new archive, or to a layout directory (oci:DIR).",
                null);
    }

    @Override
    public List<String> tags() {
        return archive.images().stream()
                .map(image -> image.annotations().get(ArchiveWriter.REF_NAME))
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .toList();
    }
}
