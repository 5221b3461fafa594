package dev.twoliter.core.internal.engine.container;

import dev.twoliter.api.Environment;
import dev.twoliter.api.spi.Availability;
import dev.twoliter.core.internal.engine.Subprocess;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command line that docker and podman share.
 *
 * @param name {@code docker} or {@code podman}
 * @param environment where the program is, and how it finds its daemon
 */
record ContainerCli(String name, Environment environment) {

    private static final System.Logger LOG = System.getLogger(ContainerCli.class.getName());
    private static final Duration SHORT = Duration.ofSeconds(20);

    /** {@return whether it can work here} */
    Availability probe() {
        Optional<Path> program = program();
        if (program.isEmpty()) {
            return Availability.no("there is no program '" + name + "' on the PATH; install it");
        }
        Subprocess.Answer answer = ask(List.of("version", "--format", "{{.Server.Version}}"));
        return answer.ok() ? Availability.yes() : Availability.no(trouble(answer.text()));
    }

    /** What the program says of its daemon, in words that tell what to do. */
    private String trouble(String said) {
        String lower = said.toLowerCase(java.util.Locale.ROOT);
        if (lower.contains("permission denied")) {
            return "this user may not use the daemon (" + firstLine(said) + "); add the user to the group '" + name
                    + "' and log in again";
        }
        if (lower.contains("cannot connect")
                || lower.contains("is the docker daemon running")
                || lower.contains("connection refused")
                || lower.contains("no such host")) {
            return "its daemon does not answer (" + firstLine(said) + "); start it, or correct DOCKER_HOST";
        }
        return "'" + name + " version' failed: " + firstLine(said);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("it said nothing").strip();
    }

    /** Asks the program something short. */
    Subprocess.Answer ask(List<String> arguments) {
        return process(arguments).ask(SHORT);
    }

    /** Prepares a call of the program. */
    Subprocess process(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(program().map(Path::toString).orElse(name));
        command.addAll(arguments);
        return new Subprocess(command, environment.variables(), Path.of("").toAbsolutePath());
    }

    private Optional<Path> program() {
        for (String directory : environment.variable("PATH").orElse("").split(File.pathSeparator)) {
            try {
                Path candidate = Path.of(directory, name);
                if (!directory.isEmpty() && Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                    return Optional.of(candidate);
                }
            } catch (InvalidPathException e) {
                LOG.log(System.Logger.Level.DEBUG, "the PATH names no directory", e);
            }
        }
        return Optional.empty();
    }
}
