package dev.twoliter.core.internal.project;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.TrustPolicy;
import dev.twoliter.api.TrustSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds, reads and writes the files of a project. Stateless, thread-safe. */
public final class ProjectFiles {

    /** The name of the project file. */
    public static final String NAME = "Twoliter.toml";

    private ProjectFiles() {}

    /**
     * Finds the project file (project-formats.md 1.1).
     *
     * @param start the project file itself, whatever its name, or a directory from which to search upwards
     * @return its real path
     * @throws InvalidProjectException if there is none
     * @throws StorageException if a path cannot be resolved
     */
    public static Path find(Path start) {
        try {
            if (!Files.exists(start)) {
                throw invalid(Problem.error("", "there is no file or directory " + start)
                        .withHint("check the path"));
            }
            Path real = start.toRealPath();
            if (Files.isRegularFile(real)) {
                return real;
            }
            for (Path directory = real; directory != null; directory = directory.getParent()) {
                Path file = directory.resolve(NAME);
                if (Files.isRegularFile(file)) {
                    return file.toRealPath();
                }
            }
            throw invalid(Problem.error("", "there is no " + NAME + " in " + real + " or any directory above")
                    .withHint("run `twoliter new project`, or go to a project"));
        } catch (IOException e) {
            throw StorageException.of("find", start, e);
        }
    }

    /**
     * Reads a project: its file, those beside it, and every manifest below packages, kits and variants.
     *
     * @param projectFile as {@link #find} returned it
     * @return the model
     * @throws InvalidProjectException with every problem of every file
     * @throws StorageException if a file cannot be read
     */
    public static ProjectModel read(Path projectFile) {
        try {
            Path real = projectFile.toRealPath();
            Path directory = real.getParent();
            if (directory == null) {
                throw invalid(Problem.error("", projectFile + " is not a file"));
            }
            return new ProjectReader(directory, real).read();
        } catch (IOException e) {
            throw StorageException.of("read", projectFile, e);
        }
    }

    /**
     * Writes a new project. Twoliter.toml, whose presence makes it a project, comes last; what this call wrote is removed
     * when it fails.
     *
     * @param directory the project directory; made if it is missing
     * @param spec what to write
     * @throws InvalidProjectException if there is a project already, a file is in the way, a vendor's key is missing, or
     *     the files cannot express the specification
     * @throws StorageException if a file cannot be written
     */
    public static void create(Path directory, ProjectSpec spec) {
        create(directory, spec, Map.of());
    }

    /**
     * Writes a new project, and more files with it.
     *
     * @param directory the project directory; made if it is missing
     * @param spec what to write
     * @param more other files, by path relative to the project
     */
    public static void create(Path directory, ProjectSpec spec, Map<String, byte[]> more) {
        requireKeys(directory, spec);
        Map<String, byte[]> files = new LinkedHashMap<>(more);
        files.putAll(ProjectWriter.files(spec));
        NewFiles.write(directory, files);
    }

    /** What is written must open again. */
    private static void requireKeys(Path directory, ProjectSpec spec) {
        List<Problem> problems = new ArrayList<>();
        for (TrustSpec trust : spec.trust().values()) {
            if (trust.policy() != TrustPolicy.OFF) {
                keys(directory, trust, "image-keys", trust.imageKeys(), problems);
                keys(directory, trust, "rpm-keys", trust.rpmKeys(), problems);
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidProjectException(problems);
        }
    }

    private static void keys(Path directory, TrustSpec trust, String key, List<String> files, List<Problem> problems) {
        for (int i = 0; i < files.size(); i++) {
            String problem = RootFiles.keyProblem(directory, files.get(i));
            if (!problem.isEmpty()) {
                problems.add(new Problem(
                        Problem.Severity.ERROR,
                        RootFiles.TRUST,
                        0,
                        0,
                        "vendor." + trust.vendor() + "." + key + "[" + i + "]",
                        problem,
                        "put the vendor's public key there first"));
            }
        }
    }

    private static InvalidProjectException invalid(Problem problem) {
        return new InvalidProjectException(List.of(problem));
    }
}
