package dev.twoliter.api.plan;

import dev.twoliter.api.Digest;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An image that was repacked. Immutable, thread-safe.
 *
 * @param directory where it is, with everything that the original's directory has
 * @param rootHash the hash by which the kernel verifies its root, 64 hexadecimal digits
 * @param artifacts the SHA-256 of each disk and file system that was written, by file name
 */
public record RepackResult(Path directory, String rootHash, Map<String, Digest> artifacts) {

    /** Copies the map, in the order of its names. */
    public RepackResult {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(rootHash, "rootHash");
        artifacts = Collections.unmodifiableMap(new TreeMap<>(artifacts));
    }
}
