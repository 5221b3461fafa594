package dev.twoliter.examples.cli;

import dev.twoliter.api.Project;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Path build = project.directory().resolve("build");
        boolean there = Files.exists(build);
        project.clean();
        twoliter.answer(
                Map.of("directory", project.directory().toString()),
                there ? "Deleted " + build : "There is nothing to delete: " + build + " does not exist");
        return 0;
    }
}
