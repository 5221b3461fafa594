package dev.twoliter.api.spi;

import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import java.nio.file.Path;
import java.util.List;

/** The SDK that the lock pins, as an image for one platform. Thread-safe. */
public interface SdkImage {

    /** {@return where it comes from, for messages} */
    String reference();

    /** {@return the digest of the image's manifest} */
    Digest digest();

    /** {@return the digests of its unpacked layers ({@code rootfs.diff_ids} of OCI image-spec config.md), lowest first} */
    List<String> layers();

    /**
     * Writes it as {@code docker load} and {@code podman load} take it.
     *
     * @param file the tar; replaced if it is there
     * @param name the name that the image gets, such as {@code sdk:1}
     * @throws VerificationException if a layer does not have its digest
     * @throws StorageException if the file cannot be written
     */
    void writeArchive(Path file, String name);
}
