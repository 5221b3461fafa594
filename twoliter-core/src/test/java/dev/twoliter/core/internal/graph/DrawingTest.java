package dev.twoliter.core.internal.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.GraphFormat;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.ProjectGraph;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.core.internal.graph.Layers.Cell;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import dev.twoliter.testing.RealTrees;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** Leaves its drawings in {@code target/graph}, to be looked at and, if they are better, to become the expected ones. */
class DrawingTest {

    static {
        // Only this test of the module reads XML.
        DrawingTest.class
                .getModule()
                .addReads(ModuleLayer.boot().findModule("java.xml").orElseThrow());
    }

    @TempDir
    Path temp;

    private static String draw(String name, ProjectGraph graph, GraphFormat format) throws IOException {
        String text = graph.draw(format);
        Path file = Path.of("target", "graph", name + "." + format.name().toLowerCase(Locale.ROOT));
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
        return text;
    }

    private ProjectGraph tree(String name) {
        return Twoliter.open(
                        switch (name) {
                            case "core-kit" -> RealTrees.coreKit(temp);
                            case "bottlerocket" -> RealTrees.bottlerocket(temp);
                            default -> RealTrees.testProject(temp);
                        })
                .graph();
    }

    @ParameterizedTest
    @EnumSource
    void the_test_project_is_drawn_byte_for_byte_as_expected(GraphFormat format) throws IOException {
        String name = "test-project." + format.name().toLowerCase(Locale.ROOT);
        try (InputStream in = Objects.requireNonNull(DrawingTest.class.getResourceAsStream(name), name)) {
            assertThat(draw("test-project", tree("test-project"), format))
                    .isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_drawing_does_not_depend_on_locale_or_chance(GraphFormat format) {
        ProjectGraph graph = tree("core-kit");
        String once = graph.draw(format);
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(Twoliter.open(temp).graph().draw(format)).isEqualTo(once);
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_project_with_nothing_in_it_is_drawn_too(GraphFormat format) {
        ProjectSpec empty = ProjectSpec.builder().releaseVersion("1.0.0").build();

        assertThat(Graph.of(empty, Optional.empty()).draw(format)).isNotNull();
    }

    @Test
    void the_text_names_everything_and_fits_a_terminal() throws IOException {
        String text = draw("core-kit", tree("core-kit"), GraphFormat.TEXT);

        assertThat(text.lines()).allMatch(line -> line.length() <= 100);
        assertThat(text)
                .contains("\n121 packages and what each needs directly\n")
                .containsPattern("\n  containerd +glibc; to run: runc\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"core-kit", "bottlerocket", "test-project"})
    void mermaid_draws_every_name_once(String name) throws IOException {
        ProjectGraph graph = tree(name);
        String text = draw(name, graph, GraphFormat.MERMAID);

        assertThat(text).startsWith("flowchart LR\n");
        assertThat(text.lines().skip(1))
                .allMatch(line ->
                        line.matches("  (%% .*|n\\d+\\[\"[^\"]+\"]:::[a-z]+|n\\d+ (-->|-\\.->) n\\d+|classDef .*)"));
        String boxes = String.join(
                "<br/>",
                text.lines()
                        .filter(line -> line.contains(":::"))
                        .map(line -> line.replaceAll(".*\\[\"|\"].*", ""))
                        .toList());
        assertThat(boxes.split("<br/>"))
                .doesNotHaveDuplicates()
                .containsAll(graph.packages().keySet())
                .containsAll(graph.variants().keySet());
    }

    @Peer("dot")
    @ParameterizedTest
    @ValueSource(strings = {"core-kit", "bottlerocket", "test-project"})
    void graphviz_draws_the_dot_file(String name) throws IOException {
        ProjectGraph graph = tree(name);
        draw(name, graph, GraphFormat.DOT);

        String svg = Command.output("dot", "-Tsvg", Path.of("target", "graph", name + ".dot"));

        int nodes = graph.packages().size()
                + graph.kits().size()
                + graph.variants().size()
                + graph.externalKits().size();
        assertThat(svg.split("class=\"node\"", -1)).hasSize(nodes + 1);
        assertThat(svg.split("class=\"edge\"", -1)).hasSize(graph.edges().size() + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"core-kit", "bottlerocket", "test-project"})
    void the_picture_shows_every_name_where_none_covers_another(String name) throws Exception {
        ProjectGraph graph = tree(name);

        Document svg = parse(draw(name, graph, GraphFormat.SVG));

        List<String> names = new ArrayList<>();
        names.addAll(graph.packages().keySet());
        names.addAll(graph.kits().keySet());
        names.addAll(graph.variants().keySet());
        names.addAll(graph.externalKits());
        List<Element> texts = elements(svg, "text").stream()
                .filter(e -> e.getAttribute("class").isEmpty())
                .toList();
        assertThat(texts)
                .extracting(e -> e.getFirstChild().getTextContent())
                .containsExactlyInAnyOrderElementsOf(names);
        List<double[]> places = texts.stream()
                .map(e -> new double[] {
                    number(e, "x"),
                    number(e, "y"),
                    7.3 * e.getFirstChild().getTextContent().length()
                })
                .toList();
        for (double[] a : places) {
            assertThat(places)
                    .filteredOn(b -> a != b && Math.abs(a[1] - b[1]) < 15 && a[0] < b[0] + b[2] && b[0] < a[0] + a[2])
                    .isEmpty();
        }
        Element root = svg.getDocumentElement();
        assertThat(places).allMatch(p -> p[0] + p[2] < number(root, "width") && p[1] < number(root, "height"));
        assertThat(elements(svg, "title").get(0).getTextContent()).startsWith("Dependencies: ");
        assertThat(elements(svg, "desc")).hasSize(1);
    }

    @Test
    void the_picture_of_the_core_kit_has_a_sensible_size_and_says_what_it_leaves_out() throws Exception {
        Document svg = parse(draw("core-kit", tree("core-kit"), GraphFormat.SVG));

        assertThat(number(svg.getDocumentElement(), "width")).isLessThan(2000);
        assertThat(number(svg.getDocumentElement(), "height")).isLessThan(2000);
        assertThat(elements(svg, "desc").get(0).getTextContent())
                .contains("of 401 direct needs; the others follow from longer ways");
    }

    @ParameterizedTest
    @EnumSource
    void hostile_names_stay_text(GraphFormat format) throws Exception {
        String hostile = "\"]><script>&\u0001\\";
        Graph graph = new Graph(
                Graph.of(ProjectSpec.builder().releaseVersion("1.0.0").build(), Optional.empty())
                        .needs(),
                List.of(),
                List.of(hostile));

        String drawn = graph.draw(format);

        switch (format) {
            case SVG ->
                assertThat(elements(parse(drawn), "text"))
                        .extracting(e -> e.getFirstChild().getTextContent())
                        .contains("\"]><script>&?\\");
            case MERMAID -> assertThat(drawn).contains("n0[\"#34;#93;#62;#60;script#62;#38;#1;#92;\"]");
            case DOT -> assertThat(drawn).contains("\"external kit \\\"]><script>&\u0001\\\\\"");
            case JSON -> assertThat(drawn).contains("\"\\\"]><script>&\\u0001\\\\\"");
            case TEXT -> assertThat(drawn).contains(hostile);
        }
    }

    @Test
    void what_is_too_large_for_a_picture_is_refused_with_a_way_out() {
        ProjectSpec.Builder project = ProjectSpec.builder().releaseVersion("1.0.0");
        // Each one needs the one before it, and one that is far away on another way.
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            project.addPackage(
                    "p" + i,
                    p -> p.spec()
                            .buildDependencies(
                                    number == 0
                                            ? new String[] {"q0"}
                                            : new String[] {"p" + (number - 1), "q" + number}));
            project.addPackage("q" + i, p -> p.spec());
        }
        Graph graph = Graph.of(project.build(), Optional.empty());

        assertThat(graph.draw(GraphFormat.SVG)).contains("p999");
        assertThatThrownBy(() -> Layers.of(ladder(400), new double[800]))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("too large for a picture");
    }

    /** Sources, each with a target that a long chain pushes to the far right. */
    private static Digraph ladder(int size) {
        Digraph graph = new Digraph(2 * size);
        for (int i = 0; i + 1 < size; i++) {
            graph.add(i, i + 1);
        }
        for (int i = 0; i < size; i++) {
            graph.add(size - 1, size + i);
            graph.add(0, size + i);
        }
        return graph;
    }

    @Test
    void arrows_always_lead_to_the_next_column_and_cells_keep_apart() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int size = 1 + random.nextInt(30);
            Digraph graph = new Digraph(size);
            double[] heights = new double[size];
            for (int i = 0; i < size; i++) {
                heights[i] = 10 + random.nextInt(50);
                for (int j = 0; j < i; j++) {
                    if (random.nextInt(6) == 0) {
                        graph.add(j, i);
                    }
                }
            }
            List<List<Cell>> columns = Layers.of(graph.reduced(), heights);
            BitSet seen = new BitSet();
            for (List<Cell> column : columns) {
                for (Cell cell : column) {
                    assertThat(cell.right).allMatch(to -> to.column == cell.column + 1);
                    if (!cell.lane) {
                        assertThat(seen.get(cell.number)).isFalse();
                        seen.set(cell.number);
                    }
                }
                List<Cell> sorted = new ArrayList<>(column);
                sorted.sort(Comparator.comparingDouble(cell -> cell.y));
                for (int i = 1; i < sorted.size(); i++) {
                    Cell a = sorted.get(i - 1);
                    Cell b = sorted.get(i);
                    assertThat(b.y - b.height / 2 - a.y - a.height / 2).isGreaterThan(6.9);
                }
            }
            assertThat(seen.cardinality()).isEqualTo(size);
        }
    }

    @Test
    void leaving_out_what_follows_changes_nothing_that_can_be_reached() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Digraph graph = new Digraph(1 + random.nextInt(12));
            for (int i = 0; i < graph.size(); i++) {
                for (int j = 0; j < i; j++) {
                    if (random.nextInt(3) == 0) {
                        graph.add(i, j);
                    }
                }
            }
            Digraph reduced = graph.reduced();
            for (int i = 0; i < graph.size(); i++) {
                assertThat(reach(reduced, i)).isEqualTo(reach(graph, i));
                int from = i;
                reduced.next(i).stream().forEach(to -> {
                    Digraph without = graph.reduced();
                    without.next(from).clear(to);
                    assertThat(reach(without, from).get(to)).isFalse();
                });
            }
        }
    }

    private static BitSet reach(Digraph graph, int from) {
        BitSet reached = new BitSet();
        graph.next(from).stream().forEach(to -> {
            reached.set(to);
            reached.or(reach(graph, to));
        });
        return reached;
    }

    private static Document parse(String svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<Element> elements(Document document, String name) {
        List<Element> found = new ArrayList<>();
        for (int i = 0; i < document.getElementsByTagName(name).getLength(); i++) {
            found.add((Element) document.getElementsByTagName(name).item(i));
        }
        return found;
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
