package dev.twoliter.core.internal.sources;

import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.io.Cancellable;
import dev.twoliter.core.internal.io.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Sources by content, {@code blobs/sha512/HEX} in the directory that all projects of a user share. Nothing is believed
 * because it is here: everything is held against its digest whenever it is used. Thread-safe, also across processes.
 */
final class SourceCache {

    private final Path blobs;

    /**
     * Opens a cache.
     *
     * @param directory the cache directory; made when something is put in
     */
    SourceCache(Path directory) {
        this.blobs = directory.resolve("blobs").resolve("sha512");
    }

    /** {@return where a content is, or will be} */
    Path file(Digest digest) {
        return blobs.resolve(digest.hex());
    }

    /**
     * Sees to it that a file has a content: it is verified on its way, under a temporary name first.
     *
     * @param target the file; it may be the cache's own, which is verified only; another is replaced unless it is right
     * @return its size; empty if the cache does not have the content, or had it damaged and has deleted it
     * @throws StorageException if it cannot be written
     */
    OptionalLong supply(Digest digest, Path target, SourceReport report) {
        boolean own = target.equals(file(digest));
        try {
            if (own) {
                return copy(digest, OutputStream.nullOutputStream(), report);
            }
            if (isRight(target, digest, report)) {
                return OptionalLong.of(Files.size(target));
            }
            return Files.isRegularFile(file(digest)) ? place(digest, target, report) : OptionalLong.empty();
        } catch (IOException e) {
            throw StorageException.of(own ? "read" : "write", target, e);
        }
    }

    /** Like {@link #supply}, of a content that was verified a moment ago: the cache's own file is not read again. */
    OptionalLong supplyVerified(Digest digest, Path target, SourceReport report) {
        Path file = file(digest);
        try {
            return target.equals(file) ? OptionalLong.of(Files.size(file)) : supply(digest, target, report);
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private static boolean isRight(Path target, Digest digest, SourceReport report) throws IOException {
        if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (InputStream in = new Cancellable(Files.newInputStream(target), report.cancellation())) {
            return Hashing.copySha512(in, OutputStream.nullOutputStream()).equals(digest);
        }
    }

    private OptionalLong place(Digest digest, Path target, SourceReport report) throws IOException {
        Files.createDirectories(target.toAbsolutePath().getParent());
        // Not Files.createTempFile: that makes files only their owner can read.
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            OptionalLong size;
            try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
                size = copy(digest, out, report);
            }
            if (size.isPresent()) {
                AtomicFiles.rename(temporary, target);
            }
            return size;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** {@return the size of a content that was there and intact} */
    private OptionalLong copy(Digest digest, OutputStream out, SourceReport report) throws IOException {
        Path file = file(digest);
        try (InputStream in = new Cancellable(Files.newInputStream(file), report.cancellation())) {
            long size = Files.size(file);
            if (Hashing.copySha512(in, out).equals(digest)) {
                return OptionalLong.of(size);
            }
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
        report.warn().accept(file + " was damaged and is downloaded again");
        AtomicFiles.deleteTree(file);
        return OptionalLong.empty();
    }
}
