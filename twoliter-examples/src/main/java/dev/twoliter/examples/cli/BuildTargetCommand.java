package dev.twoliter.examples.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code twoliter build package|kit|variant --name N}. */
@Command(description = "Builds it, and whatever it needs.")
final class BuildTargetCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;
    private final BuildTarget target;

    @Mixin
    private BuildOptions options = new BuildOptions();

    @Option(names = "--name", required = true, paramLabel = "N", description = "Its name.")
    private String name = "";

    BuildTargetCommand(TwoliterCommand twoliter, BuildTarget target) {
        this.twoliter = twoliter;
        this.target = target;
    }

    @Override
    public Integer call() {
        return options.build(twoliter, target, name);
    }
}
