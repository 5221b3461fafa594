package dev.twoliter.core.internal.engine.host;

import dev.twoliter.api.Digest;
import dev.twoliter.api.EngineException;
import dev.twoliter.api.spi.PackageScope;
import dev.twoliter.api.spi.SourceTool;
import dev.twoliter.core.internal.engine.Subprocess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Runs the programs of this machine. */
record HostTool(PackageScope scope) implements SourceTool {

    @Override
    public Digest identity() {
        Subprocess.Answer version = new Subprocess(
                        List.of("go", "version"), scope.environment().variables(), scope.output())
                .ask(Duration.ofSeconds(20));
        return Digest.ofBytes(("host " + version.text()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void run(Path input, Path directory, BiFunction<Path, Path, Invocation> describe)
            throws InterruptedException {
        Invocation invocation = describe.apply(input, directory);
        Map<String, String> variables = new TreeMap<>(scope.environment().variables());
        variables.putAll(invocation.environment());
        int status = new Subprocess(invocation.command(), variables, directory)
                .run(scope::output, scope.cancellation(), () -> {});
        if (status != 0) {
            throw new EngineException(
                    invocation.command().get(0) + " ended with status " + status + " for " + input.getFileName(),
                    "Its output says why.",
                    null);
        }
    }
}
