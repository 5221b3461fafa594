package dev.twoliter.core.internal.disk;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a file under a temporary name beside its final one, so that the final name never shows half a file. */
public final class NewFile {
    private NewFile() {}

    /**
     * Fills an empty channel.
     *
     * @param <T> what is known once the file is written
     */
    @FunctionalInterface
    public interface Content<T> {
        /**
         * Writes everything.
         *
         * @param channel an empty file, open for reading and writing
         * @return what is known once the file is written
         * @throws IOException if the file cannot be written
         */
        T writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Writes a file, replacing one of the same name. One writer a file at a time.
     *
     * @param <T> what the content returns
     * @param file the final name; its directory exists
     * @param content writes the bytes
     * @return what the content returned
     * @throws StorageException if the file cannot be written; the final name is then as it was
     */
    public static <T> T write(Path file, Content<T> content) {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            Files.deleteIfExists(temporary);
            try {
                T result;
                try (FileChannel channel = FileChannel.open(temporary, CREATE_NEW, READ, WRITE, SPARSE)) {
                    result = content.writeTo(channel);
                }
                Files.move(temporary, file, ATOMIC_MOVE);
                return result;
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
    }
}
