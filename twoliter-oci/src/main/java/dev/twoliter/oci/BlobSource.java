package dev.twoliter.oci;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Content that can be read as often as needed, so that an upload can be tried again. */
@FunctionalInterface
public interface BlobSource {

    /**
     * Opens the content.
     *
     * @return a stream over all of it; the caller closes it
     * @throws IOException if it cannot be read
     */
    InputStream open() throws IOException;

    /**
     * {@return content in memory}
     *
     * @param bytes the content
     */
    static BlobSource of(byte[] bytes) {
        byte[] copy = bytes.clone();
        return () -> new ByteArrayInputStream(copy);
    }

    /**
     * {@return content of a file}
     *
     * @param file the file
     */
    static BlobSource of(Path file) {
        return () -> Files.newInputStream(file);
    }
}
