package dev.twoliter.core.internal.io;

import dev.twoliter.api.spi.CancellationToken;
import java.io.IOException;
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
import org.jspecify.annotations.Nullable;

/**
 * A file that comes into being as {@code NAME.part}, which stays when the work is cut short, so that the next one goes on
 * from there; only the whole gets its name. The partial file is locked, so several threads and processes that want one
 * file wait for one of them. Used once.
 */
public final class PartialFile {

    /** A process loses its lock of a file when it closes any channel to it: so one thread at a time has one open. */
    private static final Set<Path> BUSY = ConcurrentHashMap.newKeySet();

    private static final long POLL_MILLIS = 50;

    private final Path file;
    private final Path part;
    private final CancellationToken cancellation;

    /**
     * Prepares; opens nothing.
     *
     * @param file the file that is wanted; its directory is made if it is missing
     * @param cancellation ends the waiting for others
     */
    public PartialFile(Path file, CancellationToken cancellation) {
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        this.cancellation = cancellation;
    }

    /** Makes a partial file whole. */
    @FunctionalInterface
    public interface Filling<T> {

        /**
         * Fills it; what is in it then is what the file will hold.
         *
         * @param part open for reading and writing; it may hold the beginning, or damage
         * @return something
         * @throws IOException if it fails; what was written stays for the next time
         */
        T fill(FileChannel part) throws IOException;
    }

    /** {@return where the beginning is kept} */
    public Path part() {
        return part;
    }

    /**
     * Completes the file, or waits for whoever does.
     *
     * @param filling makes it whole
     * @return what the filling returned; empty if another has completed the file, or is about to
     * @throws IOException if it fails
     * @throws InterruptedException if the wait for others is interrupted
     */
    public <T> Optional<T> complete(Filling<T> filling) throws IOException, InterruptedException {
        Path mine = part.toAbsolutePath();
        while (!BUSY.add(mine)) {
            cancellation.throwIfRequested();
            Thread.sleep(POLL_MILLIS);
        }
        try {
            return completeAlone(filling);
        } finally {
            BUSY.remove(mine);
        }
    }

    private <T> Optional<T> completeAlone(Filling<T> filling) throws IOException, InterruptedException {
        Files.createDirectories(Objects.requireNonNull(part.getParent()));
        try (FileChannel channel = FileChannel.open(
                        part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = acquire(channel)) {
            Objects.requireNonNull(lock);
            if (!isStill(channel)) {
                return Optional.empty();
            }
            T result = filling.fill(channel);
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
    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
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
}
