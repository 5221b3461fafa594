package dev.twoliter.rpm;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A package that was written.
 *
 * @param file where
 * @param nevra its full name
 * @param size of the file in bytes
 */
public record RpmPackageInfo(Path file, Nevra nevra, long size) {
    public RpmPackageInfo {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(nevra, "nevra");
    }
}
