package dev.twoliter.core.internal.engine.container;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.plan.ContainerRequest;
import dev.twoliter.api.plan.ExecRequest;
import dev.twoliter.api.spi.Availability;
import dev.twoliter.api.spi.CancellationToken;
import dev.twoliter.core.internal.container.ToolsContainer;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.core.internal.resolve.PinnedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs a task of {@code cargo make} in the twoliter container (seed-design.md, "Twoliter Exec"). Used once.
 */
public final class TaskContainer {

    /** Where the tools are inside. */
    static final String TOOLS = "/opt/twoliter";

    private static final String MAKEFILE = "Makefile.toml";
    private static final String SOCKET = "/var/run/docker.sock";
    private static final int NAME_DIGITS = 16;

    /** Ends everything inside when our end of standard input closes; see build-package.sh. */
    private static final String LEASH = """
            exec 3<&0 < /dev/null
            { cat <&3 > /dev/null; while :; do kill -9 -1; done; } &
            exec 3<&-
            "$@"
            """;

    private final ExecRequest request;
    private final ProjectSpec project;
    private final Path directory;
    private final Environment environment;
    private final Path tools;

    /**
     * Prepares a run.
     *
     * @param request the task
     * @param project the project
     * @param directory where it is
     * @param environment of the caller
     */
    public TaskContainer(ExecRequest request, ProjectSpec project, Path directory, Environment environment) {
        this.request = request;
        this.project = project;
        this.directory = directory;
        this.environment = environment;
        this.tools = directory.resolve(request.tools());
    }

    /**
     * Runs the task.
     *
     * @param sdk what the lock says of the SDK
     * @param base the SDK, verified
     * @param scratch a directory for what is passing through
     * @param output gets each line that the task prints
     * @param progress is told what is done
     * @return the task's exit status
     */
    public int run(
            LockedImage sdk, PinnedImage base, Path scratch, Consumer<String> output, Consumer<String> progress) {
        OffLimits.requireMountable("the project", directory);
        request.cargoHome().ifPresent(home -> OffLimits.requireMountable("the home of cargo", home));
        Map<String, String> variables = variables(sdk);
        ContainerCli cli = engine();
        Strays.remove(cli);
        ContainerRun run = new ContainerRun(image(cli, base, scratch, progress), command())
                .writable(directory, directory.toString())
                .directory(directory.toString())
                .user(request.user().orElseGet(() -> new ContainerUser(cli).owner(directory)))
                .hostNetwork();
        socket().ifPresent(socket -> {
            run.writable(socket, SOCKET);
            run.addGroup(group(socket));
        });
        request.cargoHome()
                .filter(home -> !home.startsWith(directory))
                .ifPresent(home -> run.writable(home, home.toString()));
        variables.forEach(run::environment);
        CancellationToken cancellation = () -> Thread.currentThread().isInterrupted();
        try {
            return cli.process(run.arguments())
                    .run(output, cancellation, () -> Strays.remove(cli, List.of(run.name())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new dev.twoliter.api.BuildCancelledException("the task was interrupted");
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                LEASH,
                "twoliter-exec",
                "cargo",
                "make",
                "--disable-check-for-updates",
                "--makefile",
                TOOLS + "/" + MAKEFILE,
                "--cwd",
                directory.toString()));
        request.variables().forEach((name, value) -> command.addAll(List.of("-e", name + "=" + value)));
        command.add(request.task());
        command.addAll(request.arguments());
        return command;
    }

    /** The caller's, then ours, which come last as upstream's do. */
    private Map<String, String> variables(LockedImage sdk) {
        request.variables().keySet().forEach(ExecVariables::requireAllowed);
        Map<String, String> variables = new TreeMap<>(ExecVariables.passedOn(environment));
        variables.put(
                "CARGO_HOME",
                request.cargoHome().orElse(directory.resolve(".cargo")).toString());
        variables.put("HOME", "/tmp");
        variables.put("TLPRIVATE_SDK_IMAGE", sdk.source());
        variables.put("BUILDSYS_OUTPUT_GENERATION_ID", "1");
        variables.put("TWOLITER_TOOLS_DIR", TOOLS);
        variables.put("BUILDSYS_ROOT_DIR", directory.toString());
        variables.put("BUILDSYS_ARCH", request.arch().rpmName());
        variables.put("BUILDSYS_VERSION_IMAGE", project.releaseVersion().toString());
        variables.put("GO_MODULES", goModules());
        return variables;
    }

    /** The names of directories below {@code sources/} that hold a go.mod, sorted. */
    private String goModules() {
        Path sources = directory.resolve("sources");
        if (!Files.isDirectory(sources)) {
            return "";
        }
        try (Stream<Path> files = Files.walk(sources)) {
            return String.join(
                    " ",
                    files.filter(file -> file.endsWith("go.mod") && Files.isRegularFile(file))
                            .map(file -> String.valueOf(file.getName(file.getNameCount() - 2)))
                            .sorted()
                            .toList());
        } catch (IOException e) {
            throw StorageException.of("read", sources, e);
        }
    }

    private ContainerCli engine() {
        List<String> refusals = new ArrayList<>();
        for (String name : request.engine().map(List::of).orElse(List.of("docker", "podman"))) {
            ContainerCli cli = new ContainerCli(name, environment);
            Availability availability = cli.probe();
            if (availability.available()) {
                return cli;
            }
            refusals.add("engine '" + name + "' is not available: " + availability.reason());
        }
        throw new EngineException(
                "task '" + request.task() + "' cannot be run: " + String.join("; ", refusals),
                "Tasks of cargo make run in a container.",
                null);
    }

    /** The container's image; its name says what is in it, so that it is made once. */
    private String image(ContainerCli cli, PinnedImage base, Path scratch, Consumer<String> progress) {
        if (!Files.isRegularFile(tools.resolve(MAKEFILE))) {
            throw new SourceException(
                    tools.resolve(MAKEFILE).toString(),
                    "there is no " + MAKEFILE + " in " + tools + ", so there are no tasks",
                    "Name the directory that holds it and its tools, with --tools or ExecRequest.tools().",
                    null);
        }
        String name = "dev.twoliter/tools:" + identity(base);
        if (cli.ask(List.of("image", "inspect", "--format", "{{.Id}}", name)).ok()) {
            return name;
        }
        Path archive = scratch.resolve("tools.tar");
        try {
            Files.createDirectories(scratch);
            ContainerRequest container = ContainerRequest.builder()
                    .tools(tools)
                    .at(TOOLS)
                    .toArchive(archive, name)
                    .build();
            new ToolsContainer(container, base, progress).assemble(directory, reference -> {
                throw new IllegalStateException("an archive goes to no store");
            });
            var answer =
                    cli.process(List.of("load", "--input", archive.toString())).ask(java.time.Duration.ofMinutes(10));
            if (!answer.ok()) {
                throw new EngineException(
                        cli.name() + " cannot load the twoliter container: " + answer.text(),
                        "Is its disk full? See '" + cli.name() + " system df'.",
                        null);
            }
            return name;
        } catch (IOException e) {
            throw StorageException.of("write", scratch, e);
        } finally {
            AtomicFiles.deleteTree(archive);
        }
    }

    private String identity(PinnedImage base) {
        StringBuilder text = new StringBuilder(base.index().toString());
        try (Stream<Path> files = Files.walk(tools)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                text.append('\n')
                        .append(tools.relativize(file))
                        .append(Files.isExecutable(file) ? " x " : " ")
                        .append(Hashing.sha256(file));
            }
        } catch (IOException e) {
            throw StorageException.of("read", tools, e);
        }
        return dev.twoliter.api.Digest.ofBytes(text.toString().getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, NAME_DIGITS);
    }

    /** The daemon's socket on this machine, where there is one. */
    private Optional<Path> socket() {
        String host = environment.variable("DOCKER_HOST").orElse("unix://" + SOCKET);
        return Optional.of(host)
                .filter(value -> value.startsWith("unix://"))
                .map(value -> Path.of(value.substring("unix://".length())))
                .filter(Files::exists);
    }

    private static String group(Path socket) {
        try {
            return String.valueOf(Files.getAttribute(socket, "unix:gid"));
        } catch (IOException e) {
            throw StorageException.of("read", socket, e);
        }
    }
}
