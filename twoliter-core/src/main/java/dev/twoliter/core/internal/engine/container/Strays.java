package dev.twoliter.core.internal.engine.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes containers of processes that are gone: killed, they could not do it themselves. Each container is labelled
 * with its process; those of processes that cannot be seen from here, in another PID namespace, are left alone.
 */
final class Strays {

    /** The label that names the process: {@code NAMESPACE/PID/START}, the start in milliseconds since 1970. */
    static final String LABEL = "dev.twoliter.owner";

    private Strays() {}

    /** {@return the label's value for this process} */
    static String owner() {
        ProcessHandle self = ProcessHandle.current();
        return namespace() + "/" + self.pid() + "/" + start(self).orElse(0L);
    }

    /** Removes the strays; what a daemon refuses to say or to remove is left to the next time. */
    static void remove(ContainerCli cli) {
        var all = cli.ask(List.of("ps", "--all", "--quiet", "--no-trunc", "--filter", "label=" + LABEL));
        if (!all.ok() || all.text().isEmpty()) {
            return;
        }
        // docker's and podman's ways to list labels differ; this one is common to both.
        List<String> inspect =
                new ArrayList<>(List.of("inspect", "--format", "{{.Id}} {{index .Config.Labels \"" + LABEL + "\"}}"));
        all.text().lines().forEach(inspect::add);
        var answer = cli.ask(inspect);
        List<String> strays = answer.text()
                .lines()
                .map(line -> line.split(" ", 2))
                .filter(parts -> parts.length == 2 && isGone(parts[1].strip()))
                .map(parts -> parts[0])
                .toList();
        if (!strays.isEmpty()) {
            remove(cli, strays);
        }
    }

    /** Removes containers, running or not, with their volumes. */
    static void remove(ContainerCli cli, List<String> containers) {
        List<String> arguments = new ArrayList<>(List.of("rm", "--force", "--volumes"));
        arguments.addAll(containers);
        cli.ask(arguments);
    }

    private static boolean isGone(String owner) {
        String[] parts = owner.split("/");
        if (parts.length != 3 || !parts[0].equals(namespace())) {
            return false;
        }
        try {
            long started = Long.parseLong(parts[2]);
            return ProcessHandle.of(Long.parseLong(parts[1]))
                    .filter(process -> start(process).orElse(started) == started)
                    .isEmpty();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static Optional<Long> start(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli);
    }

    private static String namespace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
                    .toString()
                    .replaceAll("[^0-9]", "");
        } catch (IOException e) {
            return "0";
        }
    }
}
