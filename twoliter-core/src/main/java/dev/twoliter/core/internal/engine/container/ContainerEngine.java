package dev.twoliter.core.internal.engine.container;

import dev.twoliter.api.BuildFailedException;
import dev.twoliter.api.EngineException;
import dev.twoliter.api.Recipe;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.spi.Availability;
import dev.twoliter.api.spi.BuildEngine;
import dev.twoliter.api.spi.EngineContext;
import dev.twoliter.api.spi.PackageScope;
import dev.twoliter.api.spi.PackageStep;
import dev.twoliter.core.internal.engine.spec.BuildLog;
import dev.twoliter.core.internal.engine.spec.BuildRoom;
import dev.twoliter.core.internal.engine.spec.SpecBuild;
import dev.twoliter.core.internal.io.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Builds spec packages in the SDK image (project-formats.md 5.6), without a network. Thread-safe. */
public abstract class ContainerEngine implements BuildEngine {

    private static final String SCRIPT = "build-package.sh";
    private static final String IN = "/twoliter/in";
    private static final String OUT = "/twoliter/out";
    private static final String KITS = "/twoliter/kits/";
    private static final String HOME = "/home/builder";

    /** The script's exit statuses. */
    private static final int NOT_VISIBLE = 90;

    private static final int NO_BUILDER = 91;
    private static final int NO_MACROS = 92;
    private static final int NOT_PARSED = 93;
    private static final int REQUIREMENTS_UNMET = 94;
    private static final int RPMBUILD_FAILED = 95;

    private final String name;
    private final int priority;

    /**
     * Makes an engine.
     *
     * @param name of the engine and of its program
     * @param priority among engines
     */
    protected ContainerEngine(String name, int priority) {
        this.name = name;
        this.priority = priority;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int priority() {
        return priority;
    }

    @Override
    public Availability probe(EngineContext context) {
        return new ContainerCli(name, context.environment()).probe();
    }

    @Override
    public boolean supports(PackageStep step) {
        return step.spec().recipe() == Recipe.SPEC;
    }

    @Override
    public void build(PackageStep step, PackageScope scope) throws InterruptedException {
        ContainerCli cli = new ContainerCli(name, scope.environment());
        Strays.remove(cli);
        String image = SdkLoader.load(cli, scope);
        try (BuildRoom room = BuildRoom.open(step, scope, new ContainerTool(cli, image, scope));
                BuildLog log = new BuildLog(scope.log(), scope::output)) {
            scope.progress("building in " + name);
            ContainerRun run = describe(cli, image, step, scope, room);
            int status = cli.process(run.arguments())
                    .run(log, scope.cancellation(), () -> Strays.remove(cli, List.of(run.name())));
            if (status != 0) {
                throw explain(status, step, scope, room, log);
            }
            room.collect();
        }
    }

    private ContainerRun describe(
            ContainerCli cli, String image, PackageStep step, PackageScope scope, BuildRoom room) {
        String token = UUID.randomUUID().toString();
        AtomicFiles.write(room.in().resolve("token"), token.getBytes(StandardCharsets.UTF_8));
        Map<String, Path> repositories = room.repositories();
        AtomicFiles.write(
                room.in().resolve("dnf.conf"),
                DnfConfiguration.of(repositories.keySet().stream().toList(), IN + "/" + BuildRoom.PACKAGES, KITS)
                        .getBytes(StandardCharsets.UTF_8));
        ContainerRun run = new ContainerRun(image, List.of("/bin/sh", "-c", script(), "build-package"))
                .readOnly(room.in(), IN)
                .writable(room.out(), OUT)
                .environment("TWOLITER_TOKEN", token)
                .environment("TWOLITER_SPEC", room.spec())
                .environment("TWOLITER_ARCH", step.arch().rpmName())
                .environment("TWOLITER_OWNER", new ContainerUser(cli).owner(room.out()));
        SpecBuild.variables(step, scope).forEach(run::environment);
        repositories.forEach((repository, directory) -> {
            if (!repository.equals(BuildRoom.PACKAGES)) {
                run.readOnly(directory, KITS + repository);
            }
        });
        mount(run, step.projectDirectory().resolve(".cargo"), HOME + "/.cargo");
        mount(run, step.projectDirectory().resolve("sources"), "/twoliter/sources");
        return run;
    }

    private static void mount(ContainerRun run, Path source, String target) {
        if (Files.isDirectory(source)) {
            run.readOnly(source, target);
        }
    }

    private RuntimeException explain(int status, PackageStep step, PackageScope scope, BuildRoom room, BuildLog log) {
        String said = String.join(" ", log.lastLines());
        return switch (status) {
            case NOT_VISIBLE -> remote(step);
            case NO_BUILDER -> notAnSdk(scope, "it has no user 'builder' with the home " + HOME);
            case NO_MACROS ->
                notAnSdk(
                        scope,
                        "it has no macros for " + step.arch() + " (/usr/lib/rpm/platform/"
                                + step.arch().rpmName() + "-bottlerocket/macros)");
            case NOT_PARSED -> SpecBuild.unparsable(step, log);
            case REQUIREMENTS_UNMET -> SpecBuild.unmet(step, room, log);
            case RPMBUILD_FAILED -> SpecBuild.failed(step, log);
            default ->
                said.contains("bind source path does not exist") ? remote(step) : broken(status, step, log, said);
        };
    }

    private EngineException remote(PackageStep step) {
        return new EngineException(
                "the daemon of " + name + " does not see the files of this machine, so " + step.label()
                        + " cannot be built by it",
                "It runs elsewhere (DOCKER_HOST or a docker context names another machine, or it does not share this"
                        + " directory): use a daemon on this machine.",
                null);
    }

    private static EngineException notAnSdk(PackageScope scope, String why) {
        return new EngineException(
                "the SDK " + scope.sdk().reference() + " builds no spec packages: " + why,
                "Name a Bottlerocket SDK in [sdk] of Twoliter.toml, and run `twoliter update`.",
                null);
    }

    private BuildFailedException broken(int status, PackageStep step, BuildLog log, String said) {
        boolean killed =
                status == 137 || said.contains("unexpected EOF") || said.contains("error waiting for container");
        return SpecBuild.failed(
                step,
                killed
                        ? "its container was killed, or the daemon of " + name + " ended"
                        : name + " run ended with status " + status + ": "
                                + log.failure().map(BuildLog.Line::text).orElse(said),
                killed
                        ? "Is there enough memory (see 'dmesg')? Otherwise build again."
                        : "Try '" + name + " run' by hand; the whole log is " + log.file() + ".",
                log,
                null);
    }

    private static String script() {
        try (InputStream in = Objects.requireNonNull(ContainerEngine.class.getResourceAsStream(SCRIPT), SCRIPT)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw StorageException.of("read", Path.of(SCRIPT), e);
        }
    }
}
