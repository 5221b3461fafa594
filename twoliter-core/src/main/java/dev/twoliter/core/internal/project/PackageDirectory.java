package dev.twoliter.core.internal.project;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.Subject;
import java.nio.file.Path;

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
        String own = String.valueOf(directoryName(file));
        TomlView.Loaded loaded = TomlView.read(file, file.toString(), Subject.ofPackage(own), problems);
        if (!loaded.exists()) {
            problems.error(file.toString(), "this file is missing", "it says what the package is");
        }
        problems.check();
        TomlView toml = loaded.view().orElseThrow();
        String name = toml.string("name").orElse(own);
        PackageSpec.Builder spec = PackageSpec.builder(name).declaration(PackageToml.read(toml, name));
        problems.check();
        try {
            return spec.build();
        } catch (InvalidProjectException e) {
            e.problems().forEach(toml::report);
            throw new InvalidProjectException(problems.sorted());
        }
    }

    private static Path directoryName(Path file) {
        Path directory = file.getParent();
        return directory == null || directory.getFileName() == null ? Path.of("package") : directory.getFileName();
    }
}
