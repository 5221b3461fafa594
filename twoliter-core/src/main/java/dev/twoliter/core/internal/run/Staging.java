package dev.twoliter.core.internal.run;

import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.event.StepId;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.StepRecord;
import dev.twoliter.core.internal.plan.Task;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a step's results grow and how they get to their place: the old record goes first, then every file is renamed,
 * then the new record is written. Killed at any moment, a step has either its record or is run again.
 */
final class Staging {

    private final ProjectPaths paths;

    Staging(ProjectPaths paths) {
        this.paths = paths;
    }

    /** Removes what earlier, interrupted builds left; the build lock must be held. */
    void clear() {
        AtomicFiles.deleteTree(paths.scratch());
    }

    Path open(StepId id) {
        Path directory = paths.scratch().resolve(id.toString().replace(' ', '+').replace('/', '+'));
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw StorageException.of("make", directory, e);
        }
    }

    StepRecord commit(Task task, Path staged, Map<String, Digest> known) {
        Path record = paths.record(task.id());
        List<StepRecord.Output> before =
                StepRecord.read(record).map(StepRecord::outputs).orElse(List.of());
        AtomicFiles.deleteTree(record);
        List<Path> files = filesBelow(staged);
        Set<String> now = new HashSet<>();
        files.forEach(file -> now.add(staged.relativize(file).toString()));
        for (StepRecord.Output old : before) {
            if (!now.contains(old.path())) {
                remove(task.target(), task.target().resolve(old.path()));
            }
        }
        List<StepRecord.Output> outputs = new ArrayList<>();
        for (Path file : files) {
            String path = staged.relativize(file).toString();
            Path target = task.target().resolve(path);
            move(file, target);
            outputs.add(StepRecord.Output.of(task.target(), target, Optional.ofNullable(known.get(path))));
        }
        StepRecord result = new StepRecord(task.inputs().values(), outputs);
        result.write(record);
        return result;
    }

    private static void move(Path file, Path target) {
        try {
            Files.createDirectories(target.getParent());
            if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
                AtomicFiles.deleteTree(target);
            }
            AtomicFiles.rename(file, target);
        } catch (IOException e) {
            throw StorageException.of("write", target, e);
        }
    }

    /** Deletes an output that is not made any more, and directories that become empty. */
    private static void remove(Path top, Path file) {
        AtomicFiles.deleteTree(file);
        try {
            for (Path directory = file.getParent();
                    directory != null && directory.startsWith(top) && isEmpty(directory);
                    directory = directory.getParent()) {
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw StorageException.of("delete", file, e);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (var entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    private static List<Path> filesBelow(Path directory) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.add(file);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw StorageException.of("read", directory, e);
        }
        files.sort(null);
        return files;
    }
}
