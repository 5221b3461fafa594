package dev.twoliter.examples.cli;

import dev.twoliter.api.Project;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code twoliter build clean}: deletes what builds made. */
@Command(name = "clean", description = "Deletes the project's build directory.")
final class CleanCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    CleanCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        Project project = twoliter.project();
        project.clean();
        twoliter.answer(Map.of("directory", project.directory().toString()), "");
        return 0;
    }
}
