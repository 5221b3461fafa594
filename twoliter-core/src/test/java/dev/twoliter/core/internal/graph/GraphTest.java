package dev.twoliter.core.internal.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.KitSpec;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectGraph;
import dev.twoliter.api.ProjectGraph.Edge;
import dev.twoliter.api.ProjectGraph.Kind;
import dev.twoliter.api.ProjectGraph.Needs;
import dev.twoliter.api.ProjectGraph.Node;
import dev.twoliter.api.ProjectGraph.When;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.testing.RealTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every statement of project-formats.md 4.9. */
class GraphTest {

    @TempDir
    Path temp;

    private static ProjectSpec.Builder project() {
        return ProjectSpec.builder().releaseVersion("1.0.0").vendor("acme", "registry.example/acme");
    }

    private static UnaryOperator<PackageSpec.Builder> buildsWith(String... names) {
        return p -> p.spec().buildDependencies(names);
    }

    private static ProjectGraph graph(ProjectSpec.Builder project) {
        return Graph.of(project.build(), Optional.empty());
    }

    @Nested
    class of_upstreams_test_project {

        private ProjectGraph graph;

        @BeforeEach
        void open() {
            graph = Twoliter.open(RealTrees.testProject(temp)).graph();
        }

        @Test
        void packages_have_the_expected_lists() {
            List<String> none = List.of();
            assertThat(graph.packages())
                    .containsOnlyKeys("pkg-a-1.27", "pkg-b", "pkg-c", "pkg-d", "pkg-e", "pkg-f", "pkg-g")
                    .containsEntry("pkg-a-1.27", new Needs(none, none))
                    .containsEntry("pkg-b", new Needs(none, List.of("core-kit")))
                    .containsEntry("pkg-e", new Needs(none, List.of("core-kit", "extra-1-kit", "extra-2-kit")))
                    .containsEntry("pkg-g", new Needs(none, List.of("core-kit")));
        }

        @Test
        void kits_have_the_expected_lists() {
            assertThat(graph.kits())
                    .containsOnlyKeys("core-kit", "extra-1-kit", "extra-2-kit", "extra-3-kit")
                    .containsEntry("core-kit", new Needs(List.of("pkg-a-1.27"), List.of()))
                    .containsEntry("extra-1-kit", new Needs(List.of("pkg-b", "pkg-d"), List.of("core-kit")))
                    .containsEntry("extra-2-kit", new Needs(List.of("pkg-c"), List.of("core-kit")))
                    .containsEntry(
                            "extra-3-kit",
                            new Needs(
                                    List.of("pkg-e", "pkg-f", "pkg-g"),
                                    List.of("core-kit", "extra-1-kit", "extra-2-kit")));
        }

        @Test
        void the_variant_has_all_four_kits_and_no_package() {
            assertThat(graph.variants())
                    .containsOnlyKeys("hello-ootb")
                    .containsEntry(
                            "hello-ootb",
                            new Needs(List.of(), List.of("core-kit", "extra-1-kit", "extra-2-kit", "extra-3-kit")));
        }

        @Test
        void direct_edges_are_in_order_with_their_kind() {
            assertThat(graph.edges()).hasSize(19);
            assertThat(graph.edges())
                    .filteredOn(e -> e.from().name().equals("pkg-g"))
                    .containsExactly(
                            new Edge(new Node(Kind.PACKAGE, "pkg-g"), new Node(Kind.KIT, "core-kit"), When.BUILD),
                            new Edge(new Node(Kind.PACKAGE, "pkg-g"), new Node(Kind.PACKAGE, "pkg-f"), When.RUN));
        }

        @Test
        void a_part_holds_a_name_and_all_it_needs() {
            ProjectGraph part = graph.of("extra-2-kit");

            assertThat(part.kits()).containsOnlyKeys("core-kit", "extra-2-kit");
            assertThat(part.packages()).containsOnlyKeys("pkg-a-1.27", "pkg-c");
            assertThat(part.variants()).isEmpty();
            assertThat(part.edges()).hasSize(4);
            assertThat(part.kits().get("extra-2-kit")).isEqualTo(graph.kits().get("extra-2-kit"));
        }

        @Test
        void a_part_holds_a_name_and_all_that_need_it() {
            ProjectGraph part = graph.neededBy("pkg-c");

            assertThat(part.packages()).containsOnlyKeys("pkg-c", "pkg-e");
            assertThat(part.kits()).containsOnlyKeys("extra-2-kit", "extra-3-kit");
            assertThat(part.variants()).containsOnlyKeys("hello-ootb");
        }

        @Test
        void a_part_of_an_unknown_name_is_refused_with_a_guess() {
            assertThatThrownBy(() -> graph.of("pkg-h3llo")).isInstanceOf(InvalidProjectException.class);
            assertThat(catchThrowableOfType(InvalidProjectException.class, () -> graph.neededBy("extra2-kit")))
                    .hasMessageContaining("no package, kit or variant 'extra2-kit'")
                    .hasMessageContaining("did you mean 'extra-2-kit'?");
        }
    }

    @Test
    void run_time_dependencies_of_the_package_itself_do_not_count_but_deeper_ones_do() {
        ProjectGraph graph = graph(project()
                .addPackage("a", p -> p.spec().buildDependencies("b").dependencies("x"))
                .addPackage("b", p -> p.spec().dependencies("c"))
                .addPackage("c", p -> p.spec().dependencies("d"))
                .addPackage("d", buildsWith())
                .addPackage("x", buildsWith()));

        assertThat(graph.packages().get("a").packages()).containsExactly("b", "c", "d");
        assertThat(graph.packages().get("b").packages()).isEmpty();
    }

    @Test
    void a_run_time_dependency_that_is_reached_otherwise_counts() {
        ProjectGraph graph = graph(project()
                .addPackage("a", p -> p.spec().buildDependencies("b").dependencies("c"))
                .addPackage("b", p -> p.spec().dependencies("c"))
                .addPackage("c", buildsWith()));

        assertThat(graph.packages().get("a").packages()).containsExactly("b", "c");
    }

    @Test
    void kits_are_reached_through_run_time_dependencies_of_the_package_itself_too() {
        ProjectGraph graph = graph(project()
                .addPackage("a", p -> p.spec().dependencies("b"))
                .addPackage("b", buildsWith("k"))
                .addKit("k", k -> k));

        assertThat(graph.packages().get("a")).isEqualTo(new Needs(List.of(), List.of("k")));
    }

    @Test
    void a_package_and_a_kit_may_not_share_a_cargo_name() {
        assertThatThrownBy(() -> project()
                        .addPackage("a", buildsWith())
                        .addKit("a", k -> k)
                        .build())
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("kit 'a': the Cargo name 'a' is that of package 'a' too");
    }

    @Test
    void external_kits_are_those_of_the_lock_in_its_order() throws IOException {
        RealTrees.bottlerocket(temp);
        Path lock = temp.resolve("Twoliter.lock");
        String entry = Files.readString(lock).substring(Files.readString(lock).indexOf("\n[[kit]]"));
        Files.writeString(lock, Files.readString(lock) + entry.replace("bottlerocket-core-kit", "a-kit"));

        assertThat(Twoliter.open(temp).graph().externalKits())
                .containsExactly("bottlerocket/bottlerocket-core-kit", "bottlerocket/a-kit");
    }

    @Test
    void external_kits_are_those_of_the_project_where_there_is_no_lock() throws IOException {
        RealTrees.bottlerocket(temp);
        Files.delete(temp.resolve("Twoliter.lock"));

        assertThat(Twoliter.open(temp).graph().externalKits()).containsExactly("bottlerocket/bottlerocket-core-kit");
    }

    @Test
    void every_variant_of_a_tree_like_bottlerocket_needs_the_three_settings_packages() {
        assertThat(Twoliter.open(RealTrees.bottlerocket(temp))
                        .graph()
                        .variants()
                        .values())
                .hasSize(29)
                .containsOnly(
                        new Needs(List.of("settings-defaults", "settings-migrations", "settings-plugins"), List.of()));
    }

    @Test
    void a_tree_like_the_core_kit_has_all_packages_in_its_kit() {
        ProjectGraph graph = Twoliter.open(RealTrees.coreKit(temp)).graph();

        assertThat(graph.kits().get("bottlerocket-core-kit").packages())
                .hasSize(121)
                .isSorted();
        assertThat(graph.packages().get("bash").packages()).containsExactly("glibc", "libncurses", "readline");
        assertThat(graph.edges()).hasSize(121 + 211 + 69);
    }

    @Nested
    class circles {

        @Test
        void are_refused_and_shown_in_full() {
            assertThatThrownBy(() -> project()
                            .addPackage("c", buildsWith("k"))
                            .addKit("k", k -> k.packages("b"))
                            .addPackage("b", p -> p.spec().dependencies("c"))
                            .build())
                    .isInstanceOf(InvalidProjectException.class)
                    .hasMessageContaining("package 'b': these need each other in a circle: b > c > k > b");
        }

        @Test
        void of_one_are_refused() {
            assertThatThrownBy(() -> project().addPackage("a", buildsWith("a")).build())
                    .hasMessageContaining("a > a");
        }

        @Test
        void are_all_told_at_once() {
            assertThat(problems(project()
                            .addPackage("a", buildsWith("b", "d"))
                            .addPackage("b", buildsWith("a"))
                            .addPackage("c", buildsWith("c"))
                            .addPackage("d", buildsWith("a"))))
                    .extracting(Problem::message)
                    .map(message -> message.replaceAll(".*circle: ", ""))
                    .containsExactly("a > b > a", "a > d > a", "c > c");
        }

        @Test
        void among_very_many_are_told_in_twenty() {
            ProjectSpec.Builder project = project();
            String[] names = new String[60];
            for (int i = 0; i < names.length; i++) {
                names[i] = "p" + i;
            }
            for (String name : names) {
                project.addPackage(name, buildsWith(names));
            }
            assertThat(problems(project)).hasSize(20);
        }

        @Test
        void are_found_at_the_end_of_a_very_long_chain() {
            ProjectSpec.Builder project = project();
            for (int i = 0; i < 20_000; i++) {
                project.addPackage("p" + i, buildsWith("p" + (i + 1) % 20_000));
            }
            assertThat(problems(project))
                    .singleElement()
                    .satisfies(p ->
                            assertThat(p.message()).contains(": p0 > p1 > ").endsWith("p19999 > p0"));
        }

        @Test
        void have_the_place_of_one_of_their_edges_in_its_file() throws IOException {
            RealTrees.testProject(temp);
            Path manifest = temp.resolve("packages/pkg-a-1.27/Cargo.toml");
            Files.writeString(
                    manifest,
                    Files.readString(manifest)
                            + "\n[build-dependencies]\nextra-1-kit = { path = \"../../kits/extra-1-kit\" }\n");

            Problem problem =
                    catchThrowableOfType(InvalidProjectException.class, () -> Twoliter.open(temp)).problems().stream()
                            .filter(p -> p.severity() == Problem.Severity.ERROR)
                            .findFirst()
                            .orElseThrow();

            assertThat(problem.message()).endsWith(": core-kit > pkg-a-1.27 > extra-1-kit > pkg-b > core-kit");
            assertThat(problem.file()).isEqualTo("kits/core-kit/Cargo.toml");
            assertThat(Files.readAllLines(temp.resolve(problem.file())).get(problem.line() - 1))
                    .startsWith("pkg-a-1_27 = ");
        }

        private static List<Problem> problems(ProjectSpec.Builder project) {
            return catchThrowableOfType(InvalidProjectException.class, project::build)
                    .problems();
        }
    }

    @Test
    void a_very_long_chain_is_no_trouble() {
        ProjectSpec.Builder project = project();
        for (int i = 0; i < 5_000; i++) {
            project.addPackage("p" + i, i == 0 ? buildsWith() : buildsWith("p" + (i - 1)));
        }
        assertThat(graph(project).packages().get("p4999").packages()).hasSize(4_999);
    }

    /** The lists, by walking as project-formats.md says it, for projects made up at random. */
    @Test
    void lists_are_those_of_a_walk_from_each_node() {
        for (int seed = 0; seed < 300; seed++) {
            ProjectSpec spec = random(new Random(seed)).build();
            ProjectGraph graph = Graph.of(spec, Optional.empty());
            for (PackageSpec p : spec.packages()) {
                Node node = new Node(Kind.PACKAGE, p.name());
                assertThat(graph.packages().get(p.name())).as("seed %s", seed).isEqualTo(walk(graph, node));
            }
            for (KitSpec kit : spec.kits()) {
                Node node = new Node(Kind.KIT, kit.name());
                assertThat(graph.kits().get(kit.name())).as("seed %s", seed).isEqualTo(walk(graph, node));
            }
        }
    }

    private static Needs walk(ProjectGraph graph, Node from) {
        Set<String> packages = new TreeSet<>();
        graph.edges().stream()
                .filter(e -> e.from().equals(from) && e.when() == When.BUILD)
                .forEach(e -> walkPackages(graph, e.to(), packages));
        Set<String> kits = new TreeSet<>();
        graph.edges().stream().filter(e -> e.from().equals(from)).forEach(e -> walkKits(graph, e.to(), kits));
        return new Needs(new ArrayList<>(packages), new ArrayList<>(kits));
    }

    private static void walkPackages(ProjectGraph graph, Node here, Set<String> found) {
        if (here.kind() == Kind.PACKAGE && found.add(here.name())) {
            graph.edges().stream().filter(e -> e.from().equals(here)).forEach(e -> walkPackages(graph, e.to(), found));
        }
    }

    private static void walkKits(ProjectGraph graph, Node here, Set<String> found) {
        if (here.kind() == Kind.KIT) {
            found.add(here.name());
        }
        graph.edges().stream().filter(e -> e.from().equals(here)).forEach(e -> walkKits(graph, e.to(), found));
    }

    /** Packages and kits each of which needs some of those before it. */
    static ProjectSpec.Builder random(Random random) {
        ProjectSpec.Builder project = project();
        List<String> packages = new ArrayList<>();
        List<String> kits = new ArrayList<>();
        int size = 1 + random.nextInt(12);
        for (int i = 0; i < size; i++) {
            if (random.nextInt(4) == 0) {
                String name = "k" + i;
                String[] held = some(random, packages);
                String[] needed = some(random, kits);
                project.addKit(name, k -> k.packages(held).requires(needed));
                kits.add(name);
            } else {
                String name = "p" + i;
                List<String> all = new ArrayList<>(packages);
                all.addAll(kits);
                String[] build = some(random, all);
                String[] run = some(random, packages);
                project.addPackage(name, p -> p.spec().buildDependencies(build).dependencies(run));
                packages.add(name);
            }
        }
        return project;
    }

    private static String[] some(Random random, List<String> names) {
        return names.stream().filter(name -> random.nextInt(4) == 0).toArray(String[]::new);
    }
}
