package dev.twoliter.examples.cli;

import dev.twoliter.api.GraphFormat;
import dev.twoliter.api.ProjectGraph;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code twoliter graph}: who needs whom. */
@Command(name = "graph", description = "Draws which packages, kits and variants need which.")
final class GraphCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Option(names = "--format", paramLabel = "F", description = "text, dot, mermaid, svg or json; default text.")
    private GraphFormat format = GraphFormat.TEXT;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Part part = new Part();

    private static final class Part {
        @Option(names = "--of", paramLabel = "NAME", description = "Only this and what it needs.")
        private @Nullable String of;

        @Option(names = "--needed-by", paramLabel = "NAME", description = "Only this and what needs it.")
        private @Nullable String neededBy;
    }

    GraphCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        ProjectGraph graph = twoliter.project().graph();
        if (part.of != null) {
            graph = graph.of(part.of);
        } else if (part.neededBy != null) {
            graph = graph.neededBy(part.neededBy);
        }
        twoliter.print(graph.draw(twoliter.json() ? GraphFormat.JSON : format));
        return 0;
    }
}
