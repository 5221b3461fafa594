package dev.twoliter.core.internal.project;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.io.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes files that do not exist yet, all or none. */
final class NewFiles {

    private NewFiles() {}

    static void write(Path directory, Map<String, byte[]> files) {
        Map<Path, byte[]> targets = targets(directory, files);
        Deque<Path> made = new ArrayDeque<>();
        boolean done = false;
        try {
            for (Map.Entry<Path, byte[]> file : targets.entrySet()) {
                Path parent = file.getKey().getParent();
                if (parent != null) {
                    makeDirectories(parent, made);
                }
                write(file.getKey(), file.getValue(), made);
            }
            done = true;
        } catch (IOException e) {
            throw StorageException.of("write", directory, e);
        } finally {
            if (!done) {
                remove(made);
            }
        }
    }

    private static void write(Path file, byte[] bytes, Deque<Path> made) throws IOException {
        if (file.endsWith(ProjectFiles.NAME)) {
            // Its presence makes the directory a project, so it appears complete.
            AtomicFiles.writeDurably(file, bytes);
            made.push(file);
            return;
        }
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            made.push(file);
            out.write(bytes);
        }
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

    private static void makeDirectories(Path directory, Deque<Path> made) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path p = directory; p != null && !Files.isDirectory(p); p = p.getParent()) {
            missing.push(p);
        }
        for (Path p : missing) {
            Files.createDirectory(p);
            made.push(p);
        }
    }

    private static void remove(Deque<Path> made) {
        for (Path p : made) {
            try {
                Files.delete(p);
            } catch (IOException e) {
                // The first failure is what gets reported; somebody else may have put a file there.
            }
        }
    }
}
