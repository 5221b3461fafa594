package dev.twoliter.core.internal.engine.spec;

import dev.twoliter.api.StorageException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a build prints: all of it in a file, the last lines and the one that says what failed in memory.
 * Thread-safe.
 */
public final class BuildLog implements AutoCloseable, Consumer<String> {

    private static final int TAIL = 20;

    /** A compiler's or linker's own words are better than what make and rpmbuild say of them afterwards. */
    private static final Pattern PRECISE = Pattern.compile(
            "(?i).*(:[0-9]+: (fatal )?error:|\\berror(\\[E[0-9]+\\])?:|undefined reference|cannot find |: not found$"
                    + "|no such file or directory|\\.go:[0-9]+:[0-9]+: ).*");

    private static final Pattern GENERAL =
            Pattern.compile("(?i).*(\\*\\*\\* .*error|bad exit status|failed\\b|fatal).*");
    private static final Pattern CONSEQUENCE = Pattern.compile("(?i).*(bad exit status|RPM build errors).*");

    /** Begins a line of ours that a new part of the build begins: what an earlier part said is not why this one failed. */
    private static final String PART = "twoliter: ";

    private final Path file;
    private final BufferedWriter writer;
    private final Consumer<String> listener;
    private final Deque<String> tail = new ArrayDeque<>();
    private int number;
    private @Nullable Line precise;
    private @Nullable Line general;

    /**
     * A line of the log.
     *
     * @param number from 1
     * @param text the line
     */
    public record Line(int number, String text) {}

    /**
     * Begins a log.
     *
     * @param file where it is kept; replaced
     * @param listener gets each line too
     */
    public BuildLog(Path file, Consumer<String> listener) {
        this.file = file;
        this.listener = listener;
        try {
            this.writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
    }

    @Override
    public synchronized void accept(String line) {
        number++;
        tail.addLast(line);
        if (tail.size() > TAIL) {
            tail.removeFirst();
        }
        if (line.startsWith(PART)) {
            precise = null;
            general = null;
        } else if (precise == null
                && PRECISE.matcher(line).matches()
                && !CONSEQUENCE.matcher(line).matches()) {
            precise = new Line(number, line.strip());
        } else if (general == null && GENERAL.matcher(line).matches()) {
            general = new Line(number, line.strip());
        }
        try {
            writer.write(line);
            writer.newLine();
        } catch (IOException e) {
            // The disk is full: the build itself will say so, and what was read is still passed on.
        }
        listener.accept(line);
    }

    /** {@return the file} */
    public Path file() {
        return file;
    }

    /** {@return the line that says what failed; empty when none does} */
    public synchronized Optional<Line> failure() {
        return Optional.ofNullable(precise == null ? general : precise);
    }

    /** {@return the last lines, oldest first} */
    public synchronized List<String> lastLines() {
        return List.copyOf(tail);
    }

    @Override
    public synchronized void close() {
        try {
            writer.close();
        } catch (IOException e) {
            // As above.
            return;
        }
    }
}
