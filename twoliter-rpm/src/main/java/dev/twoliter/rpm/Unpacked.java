package dev.twoliter.rpm;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What {@link RpmUnpacker} made of a package. Immutable, thread-safe.
 *
 * @param directory where, an absolute path without symbolic links
 * @param files what was made, in the order of the archive; directories that the package only implies are not listed
 * @param skipped device nodes, pipes and sockets, which were not made
 */
public record Unpacked(Path directory, List<RpmFile> files, List<RpmFile> skipped) {
    public Unpacked {
        Objects.requireNonNull(directory, "directory");
        files = List.copyOf(files);
        skipped = List.copyOf(skipped);
    }
}
