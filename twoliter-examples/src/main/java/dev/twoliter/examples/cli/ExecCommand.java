package dev.twoliter.examples.cli;

import dev.twoliter.api.Arch;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.event.BuildListener;
import dev.twoliter.api.plan.ExecRequest;
import dev.twoliter.api.plan.RunOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code twoliter exec TASK}: a task of cargo make in the twoliter container; also {@code make}. */
@Command(name = "exec", aliases = "make", description = "Runs a task of cargo make in the twoliter container.")
final class ExecCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Parameters(index = "0", paramLabel = "TASK", description = "The task, such as variant.")
    private String task = "";

    @Parameters(index = "1..*", paramLabel = "ARGS", description = "Arguments for cargo make, after a --.")
    private List<String> arguments = new ArrayList<>();

    @Option(names = "-e", paramLabel = "K=V", description = "Variable for cargo make; repeatable.")
    private Map<String, String> variables = new LinkedHashMap<>();

    @Option(
            names = "--tools",
            paramLabel = "DIR",
            description = "Directory with Makefile.toml and its tools; default build/tools.")
    private @Nullable Path tools;

    @Option(names = "--arch", paramLabel = "A", description = "x86_64 or aarch64; default this machine's.")
    private Arch arch = Arch.host();

    @Option(names = "--engine", paramLabel = "E", description = "docker or podman; default the first that is there.")
    private @Nullable String engine;

    @Option(names = "--uid", paramLabel = "N", description = "User in the container; default the project's owner.")
    private @Nullable Long uid;

    @Option(names = "--gid", paramLabel = "N", description = "Its group; default the same number.")
    private @Nullable Long gid;

    @Option(names = "--cargo-home", paramLabel = "DIR", description = "Default .cargo in the project.")
    private @Nullable Path cargoHome;

    ExecCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        ExecRequest.Builder request =
                ExecRequest.builder(task).arguments(arguments).arch(arch);
        variables.forEach(request::variable);
        if (tools != null) {
            request.tools(tools);
        }
        if (engine != null) {
            request.engine(engine);
        }
        if (uid != null) {
            request.user(uid, gid == null ? uid : gid);
        }
        if (cargoHome != null) {
            request.cargoHome(cargoHome);
        }
        return twoliter.project().exec(request.build(), this::listening);
    }

    /** What the task prints is the answer. */
    private RunOptions.Builder listening(RunOptions.Builder options) {
        RunOptions.Builder usual = twoliter.listening(options);
        BuildListener progress = usual.build().listener();
        return usual.listener(event -> {
            if (event instanceof BuildEvent.StepOutput output) {
                twoliter.print(output.line() + "\n");
            } else {
                progress.onEvent(event);
            }
        });
    }
}
