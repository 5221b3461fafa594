package dev.twoliter.examples.cli;

import dev.twoliter.api.Environment;
import java.nio.file.Path;

/** Starts the command line. The only place that ends the JVM. */
public final class Main {

    private Main() {}

    /** Runs one command and exits with its status: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
    public static void main(String... arguments) {
        System.exit(new Terminal(System.out, System.err, Environment.system(), Path.of("")).run(arguments));
    }
}
