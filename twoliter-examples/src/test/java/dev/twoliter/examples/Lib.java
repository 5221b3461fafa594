package dev.twoliter.examples;

import dev.twoliter.testing.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The packaged jars, and child processes that use them. */
final class Lib {

    static final Path DIRECTORY = Path.of("target", "lib").toAbsolutePath();
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private Lib() {}

    /** Runs a program of this JDK in a directory, with a cache of its own. */
    static Command jdk(Path directory, String program, Object... words) {
        List<Object> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", program));
        command.addAll(List.of(words));
        Map<String, String> environment =
                Map.of("XDG_CACHE_HOME", directory.resolve("cache").toString());
        return Command.runIn(directory, environment, command.toArray());
    }
}
