package dev.twoliter.examples.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code twoliter build --variant N}: the short form of {@code twoliter build variant --name N}. */
@Command(name = "build", description = "Builds a package, a kit or a variant, and whatever it needs.")
final class BuildCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private BuildOptions options = new BuildOptions();

    @Option(names = "--variant", paramLabel = "N", description = "The variant, when no command follows.")
    private @Nullable String variant;

    BuildCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        if (variant == null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "Missing: --variant=N, or one of the commands package, kit, variant and clean");
        }
        return options.build(twoliter, BuildTarget.VARIANT, variant);
    }
}
