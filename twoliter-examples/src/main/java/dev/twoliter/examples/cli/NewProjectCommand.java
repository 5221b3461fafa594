package dev.twoliter.examples.cli;

import dev.twoliter.api.NewProject;
import dev.twoliter.api.Project;
import dev.twoliter.api.Template;
import dev.twoliter.api.Twoliter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code twoliter new project}: a small project from a template, without a network. */
@Command(name = "project", description = "Writes a small project.")
final class NewProjectCommand implements Callable<Integer> {

    private static final String DECLARATIVE = """
            Made %s.
            Its vendor 'local' is the directory registry/ in it, which holds a stand-in for an SDK: enough for packages
            that need no compiler, so everything works without a network. Go on with:

              cd %s
              twoliter update
              twoliter build variant --name %s""";

    private static final String SPEC = """
            Made %s.
            packages/hello-agent has a spec file and builds the Rust program in sources/hello-agent. The SDK and the other
            packages come from public.ecr.aws/bottlerocket. Go on with:

              cd %s
              twoliter update
              twoliter build variant --name %s

            A spec file is built in the SDK, by an engine that runs containers. Commit sources/Cargo.lock once
            `cargo generate-lockfile` has made it there.""";

    private final TwoliterCommand twoliter;

    @Option(names = "--name", required = true, paramLabel = "N", description = "The project's name.")
    private String name = "";

    @Option(
            names = "--variant-name",
            required = true,
            paramLabel = "V",
            description = "PLATFORM-RUNTIME[-VERSION[-FLAVOR]], such as example-dev.")
    private String variant = "";

    @Option(
            names = "--template",
            paramLabel = "T",
            description =
                    "declarative, which builds at once (the default), or spec, with a spec file and a Rust program.")
    private Template template = Template.DECLARATIVE;

    @Option(names = "--dir", paramLabel = "D", description = "Where; default the name.")
    private @Nullable Path directory;

    NewProjectCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        Path root = directory == null ? twoliter.terminal().directory().resolve(name) : directory;
        Project project = Twoliter.create(
                root,
                NewProject.builder(name).variant(variant).template(template).build(),
                twoliter.terminal().environment());
        String text = template == Template.SPEC ? SPEC : DECLARATIVE;
        twoliter.answer(
                Map.of("directory", project.directory().toString()),
                text.formatted(project.directory(), root, variant));
        return 0;
    }
}
