package dev.twoliter.core.internal.disk.tree;

import dev.twoliter.api.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The bytes of a regular file, which can be read more than once. */
public interface ContentSource {

    /** {@return the number of bytes that {@link #open()} gives} */
    long size();

    /**
     * Opens the bytes from the start.
     *
     * @return a stream for the caller to close
     * @throws IOException if they cannot be read
     */
    InputStream open() throws IOException;

    /**
     * Bytes in memory.
     *
     * @param bytes copied
     * @return the source
     */
    static ContentSource of(byte[] bytes) {
        byte[] copy = bytes.clone();
        return new ContentSource() {
            @Override
            public long size() {
                return copy.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(copy);
            }
        };
    }

    /**
     * A file of the host.
     *
     * @param file must not change while the source is in use
     * @return the source
     * @throws StorageException if the file's size cannot be found out
     */
    static ContentSource of(Path file) {
        Objects.requireNonNull(file, "file");
        long size;
        try {
            size = Files.size(file);
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
        return new ContentSource() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }
        };
    }
}
