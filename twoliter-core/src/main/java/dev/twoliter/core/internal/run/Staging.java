package dev.twoliter.core.internal.run;

import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.event.StepId;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.StepRecord;
import dev.twoliter.core.internal.plan.Task;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
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
import java.util.UUID;

/**
 * Where a step's results grow and how they get to their place: every file is renamed, what is not made any more is
 * deleted, then the new record replaces the old one. Killed at any moment, a step has a record that fits its outputs, or
 * is run again. Each run has a directory of its own, so that a step that is slow to stop cannot hurt the next run.
 */
final class Staging {

    private final ProjectPaths paths;
    private final String run = UUID.randomUUID().toString();

    Staging(ProjectPaths paths) {
        this.paths = paths;
    }

    /** Removes what earlier, interrupted builds left; the build lock must be held. */
    void clear() {
        AtomicFiles.deleteTree(paths.scratch());
    }

    Path open(StepId id) {
        Path directory = paths.scratch()
                .resolve(run)
                .resolve(id.toString().replace(' ', '+').replace('/', '+'));
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
        List<Path> files = filesBelow(staged);
        Set<String> now = new HashSet<>();
        List<StepRecord.Output> outputs = new ArrayList<>();
        for (Path file : files) {
            String path = staged.relativize(file).toString();
            Path target = task.target().resolve(path);
            move(file, target);
            now.add(path);
            outputs.add(StepRecord.Output.of(task.target(), target, Optional.ofNullable(known.get(path))));
        }
        for (StepRecord.Output old : before) {
            if (!now.contains(old.path()) && isReplaced(task.id(), old.path(), now)) {
                remove(task.target(), task.target().resolve(old.path()));
            }
        }
        StepRecord result = new StepRecord(task.inputs().values(), outputs);
        result.write(record);
        return result;
    }

    /** A package has one version at a time; images and kit archives of other versions and builds stay. */
    private static boolean isReplaced(StepId step, String old, Set<String> now) {
        int slash = old.indexOf('/');
        return step.kind() == StepId.Kind.PACKAGE
                || (slash > 0 && now.stream().anyMatch(path -> path.startsWith(old.substring(0, slash + 1))));
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
            // Not the top itself: the other architecture's step may be about to use it.
            for (Path directory = file.getParent();
                    directory != null && directory.startsWith(top) && !directory.equals(top) && isEmpty(directory);
                    directory = directory.getParent()) {
                Files.deleteIfExists(directory);
            }
        } catch (DirectoryNotEmptyException e) {
            // Another step has just put something there.
            return;
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
