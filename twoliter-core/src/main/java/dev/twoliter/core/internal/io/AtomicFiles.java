package dev.twoliter.core.internal.io;

import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes, moves and deletes files as a whole. Thread-safe. */
public final class AtomicFiles {

    private AtomicFiles() {}

    /**
     * Writes a file under a temporary name and renames it.
     *
     * @param file the file; its directory is made if it is missing
     * @param bytes its new content
     * @throws StorageException if it cannot be written; the old file is then untouched
     */
    public static void write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            replace(file, bytes, false);
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
    }

    /**
     * Writes a file as {@link #write} does and waits until the disk has it: for files that people own. One that is there
     * keeps its permissions, and one that a symbolic link leads to stays where it is.
     *
     * @param file the file; its directory exists
     * @param bytes its new content
     * @throws IOException if it cannot be written; the old file is then untouched
     */
    public static void writeDurably(Path file, byte[] bytes) throws IOException {
        replace(Files.exists(file) ? file.toRealPath() : file, bytes, true);
    }

    private static void replace(Path file, byte[] bytes, boolean durable) throws IOException {
        // Not Files.createTempFile: that makes files only their owner can read.
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                if (durable) {
                    copyPermissions(file, temporary);
                    channel.force(true);
                }
            }
            rename(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void copyPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView old = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        if (old != null && Files.exists(from)) {
            Files.setPosixFilePermissions(to, old.readAttributes().permissions());
        }
    }

    /**
     * Writes text as UTF-8, as {@link #write} does, unless the file holds it already (its time then stays).
     *
     * @param file the file
     * @param text its new content
     */
    public static void writeIfChanged(Path file, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            if (Files.isRegularFile(file)
                    && Files.size(file) == bytes.length
                    && Arrays.equals(Files.readAllBytes(file), bytes)) {
                return;
            }
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
        write(file, bytes);
    }

    /**
     * Renames a file or directory on the same file system; a file that is in the way is replaced.
     *
     * @param from the old name
     * @param to the new name
     * @throws IOException if it fails
     */
    public static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Deletes a file, or a directory with everything in it; symbolic links are not followed.
     *
     * @param path what to delete; nothing happens if it is not there
     * @throws StorageException if something cannot be deleted
     */
    public static void deleteTree(Path path) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null && !(failure instanceof NoSuchFileException)) {
                        throw failure;
                    }
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            // Somebody else deleted it meanwhile: it is gone, as asked.
            return;
        } catch (IOException e) {
            throw StorageException.of("delete", path, e);
        }
    }
}
