package dev.twoliter.core.internal.project;

import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * A project as its files say. Immutable, thread-safe.
 *
 * @param directory the project directory, its real path
 * @param file the project file, its real path; mostly Twoliter.toml
 * @param spec the model
 * @param warnings what is suspicious but works, by file and line
 */
public record ProjectModel(Path directory, Path file, ProjectSpec spec, List<Problem> warnings) {

    public ProjectModel {
        warnings = List.copyOf(warnings);
    }
}
