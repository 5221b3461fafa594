package dev.twoliter.core.internal.project;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import dev.twoliter.api.Problem.Severity;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.io.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * New files, and new contents of files that exist: written all, or none. They are written in the order in which they were
 * added; each file appears whole. Not thread-safe.
 */
public final class FileChanges {

    private final List<Change> changes = new ArrayList<>();
    private final Deque<Step> undo = new ArrayDeque<>();

    private interface Step {
        void run() throws IOException;
    }

    private record Change(Path file, Step write) {}

    /**
     * Adds a file that does not exist yet, and the directories it needs.
     *
     * @param file the file
     * @param bytes its content
     * @return this
     */
    public FileChanges create(Path file, byte[] bytes) {
        changes.add(new Change(file, () -> writeNew(file, bytes)));
        return this;
    }

    /**
     * Adds new content for a file.
     *
     * @param file the file
     * @param old what it must hold when its turn comes
     * @param bytes its new content
     * @return this
     */
    public FileChanges replace(Path file, byte[] old, byte[] bytes) {
        changes.add(new Change(file, () -> writeAgain(file, old, bytes)));
        return this;
    }

    /**
     * Writes everything.
     *
     * @throws StorageException if a file cannot be written; everything is then as it was
     * @throws InvalidProjectException if a file holds something else than it should; everything is then as it was
     */
    public void write() {
        write(() -> this);
    }

    /**
     * Writes everything, and looks at what came out.
     *
     * @param <T> what the look gives
     * @param look what must succeed too
     * @return what it gave
     * @throws StorageException if a file cannot be written; everything is then as it was
     * @throws InvalidProjectException if a file holds something else than it should; everything is then as it was
     */
    public <T> T write(Supplier<T> look) {
        boolean done = false;
        try {
            for (Change change : changes) {
                try {
                    change.write().run();
                } catch (IOException e) {
                    throw StorageException.of("write", change.file(), e);
                }
            }
            T seen = look.get();
            done = true;
            return seen;
        } finally {
            if (!done) {
                undo();
            }
        }
    }

    private void writeNew(Path file, byte[] bytes) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            makeDirectories(parent);
        }
        if (file.endsWith(ProjectFiles.NAME)) {
            // Its presence makes the directory a project, so it appears complete.
            AtomicFiles.writeDurably(file, bytes);
            undo.push(() -> Files.delete(file));
            return;
        }
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            undo.push(() -> Files.delete(file));
            out.write(bytes);
        }
    }

    private void makeDirectories(Path directory) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path p = directory; p != null && !Files.isDirectory(p); p = p.getParent()) {
            missing.push(p);
        }
        for (Path p : missing) {
            Files.createDirectory(p);
            undo.push(() -> Files.delete(p));
        }
    }

    private void writeAgain(Path file, byte[] old, byte[] bytes) throws IOException {
        if (!Arrays.equals(Files.readAllBytes(file), old)) {
            throw refusal(file, "the file has changed since it was read", "run it again");
        }
        if (!Files.isWritable(file)) {
            // Renaming would replace it all the same.
            throw new AccessDeniedException(file.toString());
        }
        AtomicFiles.writeDurably(file, bytes);
        undo.push(() -> AtomicFiles.writeDurably(file, old));
    }

    private void undo() {
        for (Step step : undo) {
            try {
                step.run();
            } catch (IOException e) {
                // The first failure is what gets reported; somebody else may have put a file there.
            }
        }
    }

    private static InvalidProjectException refusal(Path file, String message, String hint) {
        return new InvalidProjectException(
                List.of(new Problem(Severity.ERROR, file.toString(), 0, 0, "", message, hint)));
    }
}
