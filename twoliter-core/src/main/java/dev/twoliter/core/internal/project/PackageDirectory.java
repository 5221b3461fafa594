package dev.twoliter.core.internal.project;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Problem;
import dev.twoliter.api.StorageException;
import java.nio.file.Path;
import java.util.Optional;

/** A declarative package outside of any project: a directory with a package.toml. Stateless, thread-safe. */
public final class PackageDirectory {

    private PackageDirectory() {}

    /**
     * Reads its package.toml.
     *
     * @param directory the directory; its name is the package's when the file gives none
     * @return the package
     * @throws InvalidProjectException with every problem of the file
     * @throws StorageException if it cannot be read
     */
    public static PackageSpec read(Path directory) {
        Problems problems = new Problems();
        Path file = directory.toAbsolutePath().normalize().resolve("package.toml");
        Optional<TomlView> root = TomlView.read(file, file.toString(), problems);
        problems.check();
        TomlView toml = root.orElseThrow();
        String name = toml.string("name").orElse(String.valueOf(directoryName(file)));
        PackageSpec.Builder spec = PackageSpec.builder(name).declaration(PackageToml.read(toml, name));
        problems.check();
        try {
            return spec.build();
        } catch (InvalidProjectException e) {
            throw new InvalidProjectException(
                    e.problems().stream().map(problem -> in(file, problem)).toList());
        }
    }

    private static Path directoryName(Path file) {
        Path directory = file.getParent();
        return directory == null || directory.getFileName() == null ? Path.of("package") : directory.getFileName();
    }

    private static Problem in(Path file, Problem problem) {
        return new Problem(
                problem.severity(),
                file.toString(),
                problem.line(),
                problem.column(),
                problem.keyPath(),
                problem.message(),
                problem.hint());
    }
}
