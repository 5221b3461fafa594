package dev.twoliter.examples.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code twoliter build --variant N}: the short form of {@code twoliter build variant --name N}. */
@Command(name = "build", description = "Builds a package, a kit or a variant, and whatever it needs.")
final class BuildCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Mixin
    private BuildOptions options = new BuildOptions();

    @Option(names = "--variant", required = true, paramLabel = "N", description = "The variant.")
    private String variant = "";

    BuildCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        return options.build(twoliter, BuildTarget.VARIANT, variant);
    }
}
