package dev.twoliter.core.internal.engine.container;

import dev.twoliter.api.Digest;
import dev.twoliter.api.EngineException;
import dev.twoliter.api.spi.PackageScope;
import dev.twoliter.api.spi.SourceTool;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;

/** Runs the programs of the SDK, as the caller and with a network. */
record ContainerTool(ContainerCli cli, String image, PackageScope scope) implements SourceTool {

    private static final String INPUT = "/twoliter/source/";
    private static final Path DIRECTORY = Path.of("/twoliter/work");

    @Override
    public Digest identity() {
        return scope.sdk().digest();
    }

    @Override
    public void run(Path input, Path directory, BiFunction<Path, Path, Invocation> describe)
            throws InterruptedException {
        Path inside = Path.of(INPUT + input.getFileName());
        Invocation invocation = describe.apply(inside, DIRECTORY);
        ContainerRun run = new ContainerRun(image, invocation.command())
                .readOnly(input, inside.toString())
                .writable(directory, DIRECTORY.toString())
                .directory(DIRECTORY.toString())
                .user(new ContainerUser(cli).owner(directory))
                .hostNetwork();
        invocation.environment().forEach(run::environment);
        int status = cli.process(run.arguments())
                .run(scope::output, scope.cancellation(), () -> Strays.remove(cli, List.of(run.name())));
        if (status != 0) {
            throw new EngineException(
                    invocation.command().get(0) + " in the SDK ended with status " + status + " for "
                            + input.getFileName(),
                    "Its output says why.",
                    null);
        }
    }
}
