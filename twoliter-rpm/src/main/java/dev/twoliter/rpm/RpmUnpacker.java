package dev.twoliter.rpm;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Unpacks packages into a directory, without rpm and without root. What a package says cannot reach out of the
 * directory: no path has {@code ..}, nothing is written through a symbolic link, and what exists stays unless replacing
 * it was asked for. Immutable, thread-safe; two packages may be unpacked into one directory, one after the other.
 *
 * <pre>{@code
 * Unpacked tree = RpmUnpacker.into(Path.of("tree")).unpack(RpmPackage.open(Path.of("hello-1.0-1.x86_64.rpm")));
 * }</pre>
 *
 * Content, permissions, modification times, symbolic and hard links are restored. Owners, and the setuid and setgid bits
 * that mean something only with them, are restored on request; device nodes, pipes, sockets and file capabilities never
 * are. {@link TreeManifest} has all of it as text.
 */
public final class RpmUnpacker {
    private final Path directory;
    private final boolean owners;
    private final boolean overwrite;

    private RpmUnpacker(Path directory, boolean owners, boolean overwrite) {
        this.directory = directory;
        this.owners = owners;
        this.overwrite = overwrite;
    }

    /**
     * Chooses the directory.
     *
     * @param directory made when it does not exist
     * @return an unpacker that keeps what exists and sets no owners
     */
    public static RpmUnpacker into(Path directory) {
        return new RpmUnpacker(Objects.requireNonNull(directory, "directory"), false, false);
    }

    /**
     * {@return an unpacker that sets owner and group by name, and the setuid and setgid bits; needs root as a rule}
     *
     * @param restore whether to
     */
    public RpmUnpacker owners(boolean restore) {
        return new RpmUnpacker(directory, restore, overwrite);
    }

    /**
     * {@return an unpacker that replaces files and symbolic links; directories are always shared and never replaced}
     *
     * @param replace whether to
     */
    public RpmUnpacker overwrite(boolean replace) {
        return new RpmUnpacker(directory, owners, replace);
    }

    /**
     * Unpacks a package. Every file is checked against the header while it is written, and one that is wrong is taken
     * away again; after a failure the files before it stay.
     *
     * @param rpm the package
     * @return what was made
     * @throws StorageException if the package cannot be read, or a file cannot be written or exists already
     * @throws FormatException if the package is malformed, or a path leads through a symbolic link or a file
     * @throws dev.twoliter.api.VerificationException if a file is not what the header says
     */
    public Unpacked unpack(RpmPackage rpm) {
        Path root;
        try {
            Files.createDirectories(directory);
            root = directory.toRealPath();
        } catch (IOException e) {
            throw StorageException.of("create", directory, e);
        }
        UnpackRun run = new UnpackRun(rpm, root, owners, overwrite);
        rpm.unpack(run);
        return run.finish();
    }
}
