package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.api.spi.CancellationToken;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.io.Cancellable;
import dev.twoliter.oci.CanonicalJson;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.VerifyingStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Downloads by content, shared by all projects of a user and by several processes at once. Nothing is believed because
 * it is here: everything is held against its digest when it is used. Thread-safe.
 *
 * <pre>
 * blobs/sha256/HEX          manifests, configurations, layers
 * blobs/sha256/HEX.part     one that is not complete; see {@link Download}
 * indexes/HEX               image indexes, by the digest that locks have (project-formats.md 2.3)
 * tags/HEX                  the digest that a tag last stood for; HEX is that of the reference
 * </pre>
 */
final class BlobCache {

    private final Path directory;
    private final Path blobs;

    /**
     * Opens a cache.
     *
     * @param directory the cache directory; made when something is put in
     */
    BlobCache(Path directory) {
        this.directory = directory;
        this.blobs = directory.resolve("blobs").resolve("sha256");
    }

    /**
     * Takes a blob's content while it is verified, in one pass: from the disk if it is there, else from its origin, and
     * it is then kept.
     *
     * @param <T> what is made of it
     * @param blob which
     * @param origin where to pull it from
     * @param cancellation ends the pulling; what was pulled is kept to go on with
     * @param progress is told how many bytes are there
     * @param warn is told of damage
     * @param consumer makes something of the content; called again, to begin anew, when what was on the disk is damaged
     * @return what the consumer made of the right content
     */
    <T> T read(
            Descriptor blob,
            Repository origin,
            CancellationToken cancellation,
            LongConsumer progress,
            Consumer<String> warn,
            BlobConsumer<T> consumer) {
        Path file = blobs.resolve(blob.digest().hex());
        while (true) {
            Optional<T> result = kept(blob, file, cancellation, warn, consumer);
            if (result.isEmpty()) {
                result = new Download(blob, origin, file, cancellation, progress).run(consumer);
            }
            if (result.isPresent()) {
                return result.get();
            }
            // Another thread or process has completed it.
        }
    }

    private static <T> Optional<T> kept(
            Descriptor blob,
            Path file,
            CancellationToken cancellation,
            Consumer<String> warn,
            BlobConsumer<T> consumer) {
        try (InputStream in = new Cancellable(Files.newInputStream(file), cancellation)) {
            return Optional.of(consumer.judge(new VerifyingStream(in, blob, file.toString())));
        } catch (VerificationException e) {
            warn.accept(file + " was damaged and is pulled again");
            AtomicFiles.deleteTree(file);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /** {@return the content of a small blob, if it is there and intact} */
    Optional<byte[]> find(Digest digest) {
        return read(blobs.resolve(digest.hex()))
                .filter(bytes -> Digest.ofBytes(bytes).equals(digest));
    }

    /** Keeps a small blob. */
    void put(Digest digest, byte[] bytes) {
        AtomicFiles.write(blobs.resolve(digest.hex()), bytes);
    }

    /** {@return the index that a lock pins, if it is there and intact} */
    Optional<byte[]> index(String lockDigest) {
        return read(indexFile(lockDigest)).filter(bytes -> {
            try {
                return CanonicalJson.lockDigest(bytes).equals(lockDigest);
            } catch (FormatException e) {
                // A damaged cache entry is as good as none.
                return false;
            }
        });
    }

    /** Keeps an index under the digest that locks have. */
    void keepIndex(String lockDigest, byte[] bytes) {
        if (index(lockDigest).isEmpty()) {
            AtomicFiles.write(indexFile(lockDigest), bytes);
        }
    }

    private Path indexFile(String lockDigest) {
        return directory
                .resolve("indexes")
                .resolve(HexFormat.of().formatHex(Base64.getDecoder().decode(lockDigest)));
    }

    /** {@return what a tag stood for when it was last asked for} */
    Optional<Digest> remembered(String reference) {
        return read(tagFile(reference)).flatMap(bytes -> {
            try {
                return Optional.of(Digest.parse(new String(bytes, StandardCharsets.US_ASCII)));
            } catch (IllegalArgumentException e) {
                // A damaged cache entry is as good as none.
                return Optional.empty();
            }
        });
    }

    /** Remembers what a tag stands for today. */
    void remember(String reference, Digest digest) {
        AtomicFiles.writeIfChanged(tagFile(reference), digest.toString());
    }

    private Path tagFile(String reference) {
        Digest name = Digest.ofBytes(reference.getBytes(StandardCharsets.UTF_8));
        return directory.resolve("tags").resolve(name.hex());
    }

    private static Optional<byte[]> read(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (NoSuchFileException e) {
            // Another process found it damaged and deleted it meanwhile.
            return Optional.empty();
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }
}
