package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.api.spi.CancellationToken;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.VerifyingStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/**
 * One download into the cache, consumed on its way. It is written to {@code HEX.part}, which stays when the download is
 * cut short, and the next one goes on from its last byte, its beginning read from there; only the whole, once its digest
 * is right, gets the name {@code HEX}. The partial file is locked, so several threads and processes that want one blob
 * wait for one of them. Used once.
 */
final class Download {

    /** A process loses its lock of a file when it closes any channel to it: so one thread at a time has one open. */
    private static final Set<Path> BUSY = ConcurrentHashMap.newKeySet();

    private static final long POLL_MILLIS = 50;

    private final Descriptor blob;
    private final Repository origin;
    private final Path file;
    private final Path part;
    private final CancellationToken cancellation;
    private final LongConsumer progress;

    Download(Descriptor blob, Repository origin, Path file, CancellationToken cancellation, LongConsumer progress) {
        this.blob = blob;
        this.origin = origin;
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        this.cancellation = cancellation;
        this.progress = progress;
    }

    /**
     * Downloads, or waits for whoever does.
     *
     * @return what the consumer made of the content; empty if another has completed the file, or is about to
     */
    <T> Optional<T> run(BlobConsumer<T> consumer) {
        Path mine = part.toAbsolutePath();
        try {
            while (!BUSY.add(mine)) {
                cancellation.throwIfRequested();
                Thread.sleep(POLL_MILLIS);
            }
            try {
                return runAlone(consumer);
            } finally {
                BUSY.remove(mine);
            }
        } catch (InterruptedException | ClosedByInterruptException e) {
            Thread.currentThread().interrupt();
            throw new BuildCancelledException("the download of " + blob.digest() + " was interrupted");
        } catch (IOException e) {
            throw StorageException.of("write", part, e);
        }
    }

    private <T> Optional<T> runAlone(BlobConsumer<T> consumer) throws IOException, InterruptedException {
        Files.createDirectories(Objects.requireNonNull(part.getParent()));
        try (FileChannel channel = FileChannel.open(
                        part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = acquire(channel)) {
            Objects.requireNonNull(lock);
            if (!isStill(channel)) {
                return Optional.empty();
            }
            T result = fill(channel, consumer);
            AtomicFiles.rename(part, file);
            return Optional.of(result);
        }
    }

    private FileLock acquire(FileChannel channel) throws IOException, InterruptedException {
        while (true) {
            FileLock lock = tryLock(channel);
            if (lock != null) {
                return lock;
            }
            cancellation.throwIfRequested();
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Where this class is loaded twice, the file system's locks collide instead of waiting. */
    private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Whether what we have locked still has its name: another process may have completed it while we waited. */
    private boolean isStill(FileChannel channel) throws IOException {
        if (Files.isRegularFile(file)) {
            return false;
        }
        try {
            return Files.readAttributes(part, BasicFileAttributes.class).size() == channel.size();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private <T> T fill(FileChannel channel, BlobConsumer<T> consumer) throws IOException {
        if (channel.size() > blob.size()) {
            channel.truncate(0);
        }
        while (true) {
            DownloadStream pieces = new DownloadStream(blob, origin, channel, part, cancellation, progress);
            try (pieces) {
                return consumer.judge(new VerifyingStream(pieces, blob, origin.reference()));
            } catch (VerificationException e) {
                // Not deleted: whoever waits for our lock has this very file open.
                channel.truncate(0);
                if (!pieces.isResumed()) {
                    throw e;
                }
                // The beginning was damaged on this disk, or is of a time when the registry sent something else.
            }
        }
    }
}
