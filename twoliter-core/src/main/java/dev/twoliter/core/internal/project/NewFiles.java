package dev.twoliter.core.internal.project;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes files that do not exist yet, all or none. */
final class NewFiles {

    private NewFiles() {}

    static void write(Path directory, Map<String, byte[]> files) {
        FileChanges changes = new FileChanges();
        targets(directory, files).forEach(changes::create);
        changes.write();
    }

    /** Finds everything that is in the way before anything is written. */
    private static Map<Path, byte[]> targets(Path directory, Map<String, byte[]> files) {
        Map<Path, byte[]> targets = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        Path project = directory.resolve(ProjectFiles.NAME);
        if (Files.exists(project, LinkOption.NOFOLLOW_LINKS)) {
            throw new InvalidProjectException(
                    List.of(inTheWay(project, "there is a project already", "choose another directory")));
        }
        files.forEach((name, bytes) -> {
            try {
                Path target = directory.toAbsolutePath().normalize().resolve(name);
                boolean exists = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
                if (!exists) {
                    targets.put(target, bytes);
                } else if (!name.equals(".gitignore")) {
                    // A .gitignore is kept: `git init` may have come first.
                    problems.add(inTheWay(target, "this file exists already", "move it away"));
                }
            } catch (InvalidPathException e) {
                problems.add(Problem.error("", "no file here can be called '" + name + "': " + e.getReason()));
            }
        });
        if (!problems.isEmpty()) {
            throw new InvalidProjectException(problems);
        }
        return targets;
    }

    private static Problem inTheWay(Path file, String message, String hint) {
        return new Problem(Problem.Severity.ERROR, file.toString(), 0, 0, "", message, hint);
    }
}
