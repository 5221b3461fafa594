package dev.twoliter.oci.internal.keys;

import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** Writes a key file that must not be there yet: it appears whole or not at all, and nothing is ever overwritten. */
public final class NewFile {

    private NewFile() {}

    /** Throws when something has that name. */
    public static void requireAbsent(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw taken(file);
        }
    }

    /** Writes text; readable by its owner only, or by all. */
    public static void write(Path file, String text, boolean secret) {
        Path whole = file.toAbsolutePath();
        Path directory = Objects.requireNonNull(whole.getParent());
        try {
            Files.createDirectories(directory);
            Path temporary = Files.createTempFile(directory, ".", ".key", permissions(directory, secret));
            try {
                write(temporary, text);
                publish(temporary, whole);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (FileAlreadyExistsException e) {
            throw taken(file);
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
    }

    private static FileAttribute<?>[] permissions(Path directory, boolean secret) {
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(secret ? "rw-------" : "rw-r--r--"))
                }
                : new FileAttribute<?>[0];
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.WRITE))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** A link, because a move would replace what somebody else has put there in the meantime. */
    private static void publish(Path temporary, Path file) throws IOException {
        try {
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // No links here. Without REPLACE_EXISTING a move refuses what it sees.
            Files.move(temporary, file);
        }
    }

    private static SigningException taken(Path file) {
        return new SigningException(
                "the key file " + file + " is there already and is not overwritten",
                "Move it away, or choose another directory.",
                null);
    }
}
