package dev.twoliter.core.internal.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.GraphFormat;
import dev.twoliter.api.ProjectGraph;
import dev.twoliter.api.Twoliter;
import dev.twoliter.testing.RealTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Leaves every drawing in {@code target/graph} to be looked at. */
class DrawingTest {

    @TempDir
    Path temp;

    private static String draw(String name, ProjectGraph graph, GraphFormat format) throws IOException {
        String text = graph.draw(format);
        Path file = Path.of("target", "graph", name + "." + format.name().toLowerCase(Locale.ROOT));
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
        return text;
    }

    @ParameterizedTest
    @EnumSource
    void the_test_project_is_drawn_as_it_always_was(GraphFormat format) throws IOException {
        String drawn =
                draw("test-project", Twoliter.open(RealTrees.testProject(temp)).graph(), format);

        assertThat(drawn).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void large(GraphFormat format) throws IOException {
        draw("core-kit", Twoliter.open(RealTrees.coreKit(temp.resolve("c"))).graph(), format);
        draw(
                "bottlerocket",
                Twoliter.open(RealTrees.bottlerocket(temp.resolve("b"))).graph(),
                format);
        draw(
                "systemd",
                Twoliter.open(RealTrees.coreKit(temp.resolve("c"))).graph().of("systemd"),
                format);
    }
}
