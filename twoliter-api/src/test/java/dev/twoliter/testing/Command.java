package dev.twoliter.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program of the host in a test.
 *
 * @param exit its exit status
 * @param output what it wrote to standard output and standard error, together
 */
public record Command(int exit, String output) {

    /** Runs a program and waits for it, two minutes at most. */
    public static Command run(Object... words) {
        return runIn(null, Map.of(), words);
    }

    /** Runs a program in a directory (null: this one) with additional environment variables. */
    public static Command runIn(Path directory, Map<String, String> environment, Object... words) {
        List<String> command = new ArrayList<>();
        for (Object word : words) {
            command.add(word.toString());
        }
        try {
            Path log = Files.createTempFile("command", ".log");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(log.toFile());
                builder.environment().put("LC_ALL", "C.UTF-8");
                builder.environment().merge("PATH", "/usr/sbin:/sbin", (old, more) -> old + ":" + more);
                builder.environment().putAll(environment);
                if (directory != null) {
                    builder.directory(directory.toFile());
                }
                Process process = builder.start();
                if (!process.waitFor(2, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                    throw new AssertionError(command + " did not end within two minutes");
                }
                return new Command(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
            } finally {
                Files.deleteIfExists(log);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(command + " could not be run", e);
        }
    }

    /** Returns the output of a program that must succeed. */
    public static String output(Object... words) {
        return run(words).succeeded();
    }

    /** Fails unless the program succeeded; returns its output. */
    public String succeeded() {
        if (exit != 0) {
            throw new AssertionError("exit status " + exit + ":\n" + output);
        }
        return output;
    }
}
