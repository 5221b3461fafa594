package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.io.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Downloads by content, shared by all projects of a user: {@code blobs/sha256/HEX}. A blob is written under a temporary
 * name, verified and renamed, so several processes can use the cache at once. Thread-safe.
 */
final class BlobCache {

    private final Path blobs;

    /**
     * Opens a cache.
     *
     * @param directory the cache directory; made when something is put in
     */
    BlobCache(Path directory) {
        this.blobs = directory.resolve("blobs").resolve("sha256");
    }

    /**
     * Returns a blob's file, verified now; pulls it if it is missing or was damaged.
     *
     * @param digest which blob
     * @param source where to pull it from; the stream verifies what it delivers
     * @param warn is told of damage
     */
    Path get(Digest digest, Supplier<InputStream> source, Consumer<String> warn) {
        Path file = blobs.resolve(digest.hex());
        if (Files.isRegularFile(file)) {
            if (Hashing.sha256(file).equals(digest)) {
                return file;
            }
            warn.accept(file + " was damaged and is pulled again");
            AtomicFiles.deleteTree(file);
        }
        pull(file, source);
        return file;
    }

    /** {@return the content of a small blob, if it is there and intact} */
    Optional<byte[]> find(Digest digest) {
        Path file = blobs.resolve(digest.hex());
        try {
            if (Files.isRegularFile(file)) {
                byte[] bytes = Files.readAllBytes(file);
                return Optional.of(bytes).filter(b -> Digest.ofBytes(b).equals(digest));
            }
            return Optional.empty();
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /** Keeps a small blob. */
    void put(Digest digest, byte[] bytes) {
        AtomicFiles.write(blobs.resolve(digest.hex()), bytes);
    }

    private static void pull(Path file, Supplier<InputStream> source) {
        try {
            Path temporary = Files.createTempFile(Files.createDirectories(file.getParent()), ".", ".part");
            try {
                try (InputStream in = source.get();
                        OutputStream out = Files.newOutputStream(temporary)) {
                    in.transferTo(out);
                }
                AtomicFiles.rename(temporary, file);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
    }
}
