package dev.twoliter.core.internal.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.KitSpec;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.VariantSpec;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The example of project-formats.md 4.9, which is the test project of upstream. */
class GraphTest {

    private static ProjectSpec.Builder project() {
        return ProjectSpec.builder().releaseVersion("1.0.0").vendor("acme", "registry.example/acme");
    }

    private static UnaryOperator<PackageSpec.Builder> buildsWith(String... names) {
        return p -> p.version("1").summary("s").license("MIT").buildDependencies(names);
    }

    private static UnaryOperator<KitSpec.Builder> kit(UnaryOperator<KitSpec.Builder> more) {
        return k -> more.apply(k.vendor("acme"));
    }

    private static final ProjectSpec UPSTREAM = project()
            .addPackage("pkg-a-1.27", buildsWith())
            .addPackage("pkg-b", buildsWith("core-kit"))
            .addPackage("pkg-c", buildsWith("core-kit"))
            .addPackage("pkg-d", buildsWith("core-kit"))
            .addPackage("pkg-e", buildsWith("extra-1-kit", "extra-2-kit"))
            .addPackage("pkg-f", buildsWith("core-kit"))
            .addPackage("pkg-g", p -> buildsWith("core-kit").apply(p).dependencies("pkg-f"))
            .addKit("core-kit", kit(k -> k.packages("pkg-a-1.27")))
            .addKit("extra-1-kit", kit(k -> k.packages("pkg-b", "pkg-d").requires("core-kit")))
            .addKit("extra-2-kit", kit(k -> k.packages("pkg-c").requires("core-kit")))
            .addKit("extra-3-kit", kit(k -> k.packages("pkg-e", "pkg-g").requires("extra-1-kit", "extra-2-kit")))
            .addVariant("hello-ootb", v -> v.buildDependencies("extra-3-kit"))
            .build();

    private final Graph graph = Graph.of(UPSTREAM, Optional.empty());

    @Test
    void run_time_dependencies_count_only_when_reached_from_above() {
        assertThat(graph.needsOf("pkg-g").packages()).isEmpty();
        assertThat(graph.needsOf("extra-3-kit").packages()).containsExactly("pkg-e", "pkg-f", "pkg-g");
    }

    @Test
    void packages_are_never_reached_through_a_kit() {
        assertThat(graph.needsOf("core-kit").packages()).containsExactly("pkg-a-1.27");
        assertThat(graph.needsOf(variant()).packages()).isEmpty();
    }

    @Test
    void kits_are_reached_through_packages_and_kits() {
        assertThat(graph.needsOf("pkg-e").kits()).containsExactly("core-kit", "extra-1-kit", "extra-2-kit");
        assertThat(graph.needsOf(variant()).kits())
                .containsExactly("core-kit", "extra-1-kit", "extra-2-kit", "extra-3-kit");
    }

    private static VariantSpec variant() {
        return UPSTREAM.variants().get(0);
    }

    @Test
    void a_circle_is_refused_and_shown() {
        ProjectSpec.Builder circle = project()
                .addPackage("a", buildsWith("k"))
                .addKit("k", kit(k -> k.packages("b")))
                .addPackage("b", p -> buildsWith().apply(p).dependencies("a"));
        assertThatThrownBy(circle::build)
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("a > k > b > a");
    }
}
