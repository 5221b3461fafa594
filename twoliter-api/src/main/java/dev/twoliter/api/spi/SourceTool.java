package dev.twoliter.api.spi;

import dev.twoliter.api.Digest;
import dev.twoliter.api.EngineException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Runs programs where packages are built, with a network: some sources are made out of others, such as bundles of Go
 * modules. Thread-safe.
 */
public interface SourceTool {

    /** {@return what the programs come from: what was made with another one is made anew} */
    Digest identity();

    /**
     * Runs a program.
     *
     * @param input a file that it may read
     * @param directory where it runs and leaves its results; it may write there and nowhere else
     * @param describe given the input and the directory as the program sees them, what to run
     * @throws EngineException if it fails
     * @throws InterruptedException if the build is cancelled
     */
    void run(Path input, Path directory, BiFunction<Path, Path, Invocation> describe) throws InterruptedException;

    /**
     * What to run.
     *
     * @param command the program and its arguments
     * @param environment variables that it gets
     */
    record Invocation(List<String> command, Map<String, String> environment) {
        public Invocation {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }
}
