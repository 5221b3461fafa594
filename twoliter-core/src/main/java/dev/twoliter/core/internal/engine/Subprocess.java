package dev.twoliter.core.internal.engine;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.spi.CancellationToken;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A program that a step runs. What it prints is passed on line by line; cancelled, it ends with everything it has
 * started. Its standard input stays open as long as this process lives and says nothing. Used once.
 */
public final class Subprocess {

    /** A line longer than this is passed on in pieces, so that memory stays bounded. */
    private static final int LONGEST_LINE = 16 * 1024;

    private static final long GLANCE_MILLIS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final List<String> command;
    private final Map<String, String> environment;
    private final Path directory;

    /**
     * Prepares a program.
     *
     * @param command the program and its arguments
     * @param environment all variables that it gets
     * @param directory where it runs
     */
    public Subprocess(List<String> command, Map<String, String> environment, Path directory) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.directory = directory;
    }

    /**
     * Runs it.
     *
     * @param lines gets each line that it prints, standard error among them, on a thread of its own
     * @param cancellation whether to stop
     * @param onStop is called when it must stop, before its processes are killed
     * @return its exit status
     * @throws EngineException if it cannot be started
     * @throws InterruptedException if this thread is interrupted; the program has been stopped
     */
    public int run(Consumer<String> lines, CancellationToken cancellation, Runnable onStop)
            throws InterruptedException {
        Process process = start();
        Thread reader = new Thread(() -> passOn(process.getInputStream(), lines), "twoliter-output");
        reader.setDaemon(true);
        reader.start();
        boolean ended = false;
        try {
            while (!process.waitFor(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
                cancellation.throwIfRequested();
            }
            ended = true;
            // A grandchild may keep the pipe open: what it prints later is not waited for.
            reader.join(PATIENCE.toMillis());
            return process.exitValue();
        } finally {
            if (!ended) {
                undisturbed(onStop);
            }
            kill(process);
        }
    }

    /**
     * Runs a short question.
     *
     * @param limit how long it may take
     * @return what it printed, standard error among it, and its exit status; -1 when it took too long
     * @throws EngineException if it cannot be started
     */
    public Answer ask(Duration limit) {
        List<String> text = Collections.synchronizedList(new ArrayList<>());
        long end = System.nanoTime() + limit.toNanos();
        boolean[] late = {false};
        try {
            int status = run(text::add, () -> late[0] = System.nanoTime() > end, () -> {});
            return new Answer(status, String.join("\n", text).strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(-1, "interrupted");
        } catch (dev.twoliter.api.BuildCancelledException e) {
            return new Answer(-1, "no answer within " + limit.toSeconds() + " s");
        }
    }

    /**
     * What a question was answered with.
     *
     * @param status the exit status; -1 when there was no answer in time
     * @param text what was printed
     */
    public record Answer(int status, String text) {

        /** {@return whether it succeeded} */
        public boolean ok() {
            return status == 0;
        }
    }

    private Process start() {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new EngineException(
                    "cannot run " + command.get(0) + ": " + e.getMessage(), "Is it installed and on the PATH?", e);
        }
    }

    private static void passOn(InputStream from, Consumer<String> lines) {
        try (InputStream in = new BufferedInputStream(from)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n' || line.size() >= LONGEST_LINE) {
                    lines.accept(text(line));
                    line.reset();
                }
                if (b != '\n' && b != '\r') {
                    line.write(b);
                }
            }
            if (line.size() > 0) {
                lines.accept(text(line));
            }
        } catch (IOException e) {
            // The program was killed: there is nothing more to pass on.
            return;
        }
    }

    /** On a thread of its own: whoever is being interrupted can wait for no program. */
    private static void undisturbed(Runnable work) {
        Thread thread = new Thread(work, "twoliter-stop");
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String text(ByteArrayOutputStream line) {
        return line.toString(StandardCharsets.UTF_8);
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
            return;
        }
    }
}
