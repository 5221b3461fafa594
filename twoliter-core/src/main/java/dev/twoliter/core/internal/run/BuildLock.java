package dev.twoliter.core.internal.run;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.spi.CancellationToken;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one build of a project run at a time, in this process and in others. The operating system releases the lock when
 * a process dies.
 */
public final class BuildLock implements AutoCloseable {

    private static final long POLL_MILLIS = 100;

    private final FileChannel channel;

    private BuildLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the lock.
     *
     * @param file the lock file; made if it is missing
     * @param cancellation ends the waiting
     * @param onWait called once if another build holds it
     */
    static BuildLock acquire(Path file, CancellationToken cancellation, Runnable onWait) throws InterruptedException {
        try {
            while (true) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                Object opened = identity(file);
                boolean acquired = false;
                try {
                    for (boolean first = true; tryLock(channel) == null; first = false) {
                        if (first) {
                            onWait.run();
                        }
                        cancellation.throwIfRequested();
                        Thread.sleep(POLL_MILLIS);
                    }
                    // A clean may have deleted the file meanwhile: a lock on what is gone keeps nobody out.
                    acquired = opened.equals(identity(file));
                    if (acquired) {
                        return new BuildLock(channel);
                    }
                } finally {
                    if (!acquired) {
                        channel.close();
                    }
                }
            }
        } catch (ClosedByInterruptException e) {
            // An interruptible channel clears nothing and says the same in another way.
            throw new InterruptedException("interrupted while locking " + file);
        } catch (IOException e) {
            throw StorageException.of("lock", file, e);
        }
    }

    /**
     * Does something while no build of the project runs.
     *
     * @param <T> its result
     * @param file the lock file
     * @param work what to do
     * @return its result
     * @throws BuildCancelledException if this thread is interrupted while it waits
     */
    @SuppressWarnings("try") // the lock is held, not used
    public static <T> T whileHeld(Path file, Supplier<T> work) {
        try (BuildLock lock = acquire(file, () -> false, () -> {})) {
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BuildCancelledException("the wait for another build was interrupted");
        }
    }

    /** {@return what tells this file from one of the same name; equal to nothing when there is no file} */
    private static Object identity(Path file) throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? file : key;
        } catch (NoSuchFileException e) {
            return new Object();
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by another build in this process.
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Closing releases the lock; there is nothing to lose in the file.
            System.getLogger(BuildLock.class.getName()).log(System.Logger.Level.DEBUG, "closing the build lock", e);
        }
    }
}
