package dev.twoliter.core.internal.engine.container;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * One run of a container, as the arguments of {@code docker run}. It is removed when it ends, pulls nothing, and has a
 * network only on demand. Not thread-safe.
 */
final class ContainerRun {

    private final String image;
    private final List<String> command;
    private final String name;
    private final List<String> mounts = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<String> groups = new ArrayList<>();
    private String user = "0:0";
    private String directory = "/";
    private String network = "none";

    ContainerRun(String image, List<String> command) {
        this.image = image;
        this.command = List.copyOf(command);
        this.name = "twoliter-" + UUID.randomUUID();
    }

    /** {@return its name, which no other container has} */
    String name() {
        return name;
    }

    ContainerRun readOnly(Path source, String target) {
        return mount(source, target, ",readonly");
    }

    ContainerRun writable(Path source, String target) {
        return mount(source, target, "");
    }

    private ContainerRun mount(Path source, String target, String end) {
        // The value is a line of CSV.
        mounts.add("type=bind," + field("source=" + source.toAbsolutePath()) + "," + field("target=" + target) + end);
        return this;
    }

    private static String field(String text) {
        return text.indexOf(',') < 0 && text.indexOf('"') < 0 ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    ContainerRun environment(String key, String value) {
        environment.put(key, value);
        return this;
    }

    ContainerRun user(String value) {
        user = value;
        return this;
    }

    ContainerRun addGroup(String value) {
        groups.add(value);
        return this;
    }

    ContainerRun directory(String value) {
        directory = value;
        return this;
    }

    /** Lets it use the network of this machine. */
    ContainerRun hostNetwork() {
        network = "host";
        return this;
    }

    /** {@return the arguments} */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--rm",
                "--interactive",
                "--name",
                name,
                "--label",
                Strays.LABEL + "=" + Strays.owner(),
                "--network",
                network,
                "--user",
                user,
                "--workdir",
                directory));
        groups.forEach(group -> arguments.addAll(List.of("--group-add", group)));
        environment.forEach((key, value) -> arguments.addAll(List.of("--env", key + "=" + value)));
        mounts.forEach(mount -> arguments.addAll(List.of("--mount", mount)));
        arguments.addAll(List.of("--entrypoint", Objects.requireNonNull(command.get(0)), image));
        arguments.addAll(command.subList(1, command.size()));
        return arguments;
    }
}
