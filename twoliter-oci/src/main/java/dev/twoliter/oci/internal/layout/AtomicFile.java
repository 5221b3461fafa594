package dev.twoliter.oci.internal.layout;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** Writes a file under a temporary name beside it and renames it, so that nobody sees half of it. */
public final class AtomicFile {

    private static final String PART = ".part";
    private static final Duration LONG_AGO = Duration.ofDays(1);

    /** Writes the content. */
    @FunctionalInterface
    public interface Content {
        /** The stream is closed by the caller; closing it does no harm. */
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /** Gives a file a second name in place of what has that name; false where the file system cannot. */
    public static boolean link(Path file, Path existing) throws IOException {
        Path directory = Files.createDirectories(
                Objects.requireNonNull(file.toAbsolutePath().getParent()));
        Path temporary = directory.resolve("." + UUID.randomUUID() + PART);
        try {
            Files.createLink(temporary, existing);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (UnsupportedOperationException | FileSystemException e) {
            return false;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Deletes what killed processes have left in a directory long ago. */
    public static void deleteLeftovers(Path directory) throws IOException {
        Instant old = Instant.now().minus(LONG_AGO);
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, ".*" + PART)) {
            for (Path part : parts) {
                if (Files.getLastModifiedTime(part).toInstant().isBefore(old)) {
                    Files.deleteIfExists(part);
                }
            }
        } catch (NoSuchFileException | DirectoryIteratorException e) {
            // There is nothing, or another process is at it.
        }
    }

    /** Replaces a file, readable by all; makes missing directories. */
    public static void write(Path file, Content content) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Path temporary = Files.createTempFile(Files.createDirectories(directory), ".", PART);
        try {
            try (OutputStream out = Files.newOutputStream(temporary)) {
                content.writeTo(out);
            }
            if (temporary.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
