package dev.twoliter.examples.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The option {@code --workers}. */
final class Workers {

    private Workers() {}

    static int checked(int workers, @Nullable CommandSpec spec) {
        if (workers < 1) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "--workers must be at least 1, but is " + workers);
        }
        return workers;
    }
}
