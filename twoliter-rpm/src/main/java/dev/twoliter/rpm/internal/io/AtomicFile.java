package dev.twoliter.rpm.internal.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * A file that appears under its name only when it is complete. While it is written it has another name and is locked, so
 * that what a killed process has left can be told from what is being written. Not thread-safe.
 */
public final class AtomicFile implements AutoCloseable {
    private static final Pattern TEMPORARY = Pattern.compile("\\..+\\.[0-9a-f]{1,16}\\.tmp");

    /** Those of this process: of its own files a process cannot ask whether they are locked. */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;

    private AtomicFile(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    /** Opens a temporary file beside the target. */
    public static AtomicFile create(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + "."
                + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp");
        OPEN.add(temporary);
        try {
            FileChannel channel = FileChannel.open(
                    temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            lock(channel);
            return new AtomicFile(absolute, temporary, channel);
        } catch (IOException | RuntimeException e) {
            OPEN.remove(temporary);
            throw e;
        }
    }

    /** Some file systems know no locks; then nothing is ever swept there. */
    private static boolean lock(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException e) {
            return false;
        }
    }

    /** Deletes what processes that were killed have left in a directory; does nothing when there is none. */
    public static void sweep(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        try (DirectoryStream<Path> left = Files.newDirectoryStream(absolute, AtomicFile::isTemporary)) {
            for (Path file : left) {
                if (!OPEN.contains(file) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    deleteUnlessLocked(file);
                }
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static boolean isTemporary(Path file) {
        return TEMPORARY.matcher(file.getFileName().toString()).matches();
    }

    private static void deleteUnlessLocked(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (lock(channel)) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return; // its writer has ended
        }
    }

    public FileChannel channel() {
        return channel;
    }

    /** Gives it the permissions it shall have under its final name. */
    public void permissions(Set<PosixFilePermission> permissions) throws IOException {
        Files.setPosixFilePermissions(temporary, permissions);
    }

    /** Writes the file to the disk and moves it to its name; until then closing discards it. */
    public void commit() throws IOException {
        channel.force(true);
        publish();
    }

    /** Moves the file to its name without waiting for the disk. */
    public void publish() throws IOException {
        moveTo(target);
    }

    /** Moves the file to another name in the same directory, one that tells its content; it is not forced to the disk. */
    public void commitAs(String name) throws IOException {
        moveTo(target.resolveSibling(name));
    }

    private void moveTo(Path name) throws IOException {
        Files.move(temporary, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        close();
    }

    /** Writes a small file as a whole. */
    public static void write(Path target, byte[] content) throws IOException {
        try (AtomicFile file = create(target)) {
            java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                file.channel.write(buffer);
            }
            file.commit();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (OPEN.remove(temporary)) {
            Files.deleteIfExists(temporary);
        }
    }
}
