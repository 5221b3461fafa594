package dev.twoliter.core.internal.engine.container;

import dev.twoliter.api.EngineException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Directories that a container needs itself. What is mounted at the same path inside as outside must not hide them
 * (seed-design.md, "Docker Domain Socket").
 */
final class OffLimits {

    private static final List<Path> OWN = List.of(
                    "/bin",
                    "/boot",
                    "/dev",
                    "/etc",
                    "/lib",
                    "/lib32",
                    "/lib64",
                    "/libx32",
                    "/proc",
                    "/run",
                    "/sbin",
                    "/sys",
                    "/usr",
                    "/var/lib",
                    "/var/run",
                    "/home/builder",
                    "/toolchain",
                    TaskContainer.TOOLS)
            .stream()
            .map(Path::of)
            .toList();

    private OffLimits() {}

    /** Refuses a directory at, below or above one that the container needs. */
    static void requireMountable(String what, Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        Optional<Path> hidden = OWN.stream()
                .filter(own -> path.startsWith(own) || own.startsWith(path))
                .findFirst();
        hidden.ifPresent(own -> {
            throw new EngineException(
                    what + " is in " + path + ", which the container cannot have at the same path: it needs " + own
                            + " itself",
                    "Move it, for example below your home directory.",
                    null);
        });
    }
}
