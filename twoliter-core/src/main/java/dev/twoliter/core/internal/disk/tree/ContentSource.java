package dev.twoliter.core.internal.disk.tree;

import dev.twoliter.api.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

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

    /** {@return the SHA-256 in lower-case hexadecimal, if somebody has hashed the bytes already} */
    default Optional<String> sha256() {
        return Optional.empty();
    }

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
        return of(file, Optional.empty());
    }

    /**
     * A file of the host that somebody has hashed.
     *
     * @param file must not change while the source is in use
     * @param sha256 of the file, in lower-case hexadecimal; or empty
     * @return the source
     * @throws StorageException if the file's size cannot be found out
     */
    static ContentSource of(Path file, Optional<String> sha256) {
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
            public Optional<String> sha256() {
                return sha256;
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }
        };
    }
}
