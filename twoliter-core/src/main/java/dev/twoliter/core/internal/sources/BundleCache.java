package dev.twoliter.core.internal.sources;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.Digest;
import dev.twoliter.api.Environment;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.core.internal.io.PartialFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Bundles by what they follow from, in the directory that all projects of a user share: {@code bundles/KEY} holds the
 * digest of a blob. A bundle is made once, however many threads and processes want it. Thread-safe.
 */
public final class BundleCache {

    private final Path bundles;
    private final Path blobs;

    /**
     * Opens a cache.
     *
     * @param environment says where it is; it is made when something is put in
     */
    public BundleCache(Environment environment) {
        this.bundles = environment.cacheDirectory().resolve("bundles");
        this.blobs = environment.cacheDirectory().resolve("blobs").resolve("sha256");
    }

    /** Makes a bundle. */
    @FunctionalInterface
    public interface Maker {

        /**
         * Makes it.
         *
         * @param directory empty; deleted afterwards
         * @return the bundle, a file in it
         */
        Path make(Path directory);
    }

    /**
     * {@return a bundle that has been made before, verified; empty if there is none or it was damaged}
     *
     * @param key what it follows from
     */
    public Optional<Path> find(Digest key) {
        Path entry = bundles.resolve(key.hex());
        try {
            if (!Files.isRegularFile(entry)) {
                return Optional.empty();
            }
            Optional<Path> blob = blob(Files.readAllBytes(entry));
            if (blob.isEmpty()) {
                Files.deleteIfExists(entry);
            }
            return blob;
        } catch (NoSuchFileException e) {
            // Another process found it damaged and deleted it meanwhile.
            return Optional.empty();
        } catch (IOException e) {
            throw StorageException.of("read", entry, e);
        }
    }

    private Optional<Path> blob(byte[] entry) {
        try {
            Digest content = Digest.parse(new String(entry, StandardCharsets.US_ASCII));
            Path blob = blobs.resolve(content.hex());
            return Files.isRegularFile(blob) && Hashing.sha256(blob).equals(content)
                    ? Optional.of(blob)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            // A damaged entry is as good as none.
            return Optional.empty();
        }
    }

    /**
     * Finds a bundle, or has it made.
     *
     * @param key what it follows from
     * @param report is told what happens
     * @param maker makes it
     * @return the bundle, for reading only
     * @throws StorageException if a file cannot be read or written
     * @throws BuildCancelledException if it was cancelled or interrupted
     */
    public Path supply(Digest key, SourceReport report, Maker maker) {
        Path entry = bundles.resolve(key.hex());
        while (true) {
            Optional<Path> found = find(key);
            if (found.isPresent()) {
                return found.get();
            }
            report.cancellation().throwIfRequested();
            PartialFile file = new PartialFile(entry, report.cancellation());
            try {
                file.complete(channel -> fill(channel, file.part(), maker));
            } catch (InterruptedException | ClosedByInterruptException e) {
                Thread.currentThread().interrupt();
                throw new BuildCancelledException("the bundling of modules was interrupted");
            } catch (IOException e) {
                throw StorageException.of("write", file.part(), e);
            }
        }
    }

    private boolean fill(FileChannel channel, Path part, Maker maker) throws IOException {
        channel.truncate(0);
        Path scratch = part.resolveSibling(part.getFileName() + ".d");
        AtomicFiles.deleteTree(scratch);
        Files.createDirectories(scratch);
        try {
            Path made = maker.make(scratch);
            Digest content = Hashing.sha256(made);
            Files.createDirectories(blobs);
            AtomicFiles.rename(made, blobs.resolve(content.hex()));
            ByteBuffer bytes = ByteBuffer.wrap(content.toString().getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return true;
        } finally {
            AtomicFiles.deleteTree(scratch);
        }
    }
}
