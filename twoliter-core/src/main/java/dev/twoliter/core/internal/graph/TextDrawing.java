package dev.twoliter.core.internal.graph;

import dev.twoliter.api.ProjectGraph.Edge;
import dev.twoliter.api.ProjectGraph.Kind;
import dev.twoliter.api.ProjectGraph.When;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Draws tables of who needs whom directly, as wide as a terminal mostly is. */
final class TextDrawing {

    private static final int WIDTH = 100;
    private static final int LONGEST_NAME = 32;
    private static final String TO_RUN = "to run:";

    private final StringBuilder text = new StringBuilder();

    private TextDrawing() {}

    static String of(Graph graph) {
        TextDrawing drawing = new TextDrawing();
        drawing.table(graph, Kind.VARIANT, "variant", graph.variants().keySet());
        drawing.table(graph, Kind.KIT, "kit", graph.kits().keySet());
        drawing.table(graph, Kind.PACKAGE, "package", graph.packages().keySet());
        if (!graph.externalKits().isEmpty()) {
            drawing.heading(graph.externalKits().size(), "external kit", ", for every build");
            graph.externalKits()
                    .forEach(kit -> drawing.text.append("  ").append(kit).append('\n'));
        }
        return drawing.text.toString();
    }

    private void heading(int count, String word, String more) {
        text.append(text.isEmpty() ? "" : "\n")
                .append(Picture.count(count, word))
                .append(more)
                .append('\n');
    }

    private void table(Graph graph, Kind kind, String word, Set<String> names) {
        if (names.isEmpty()) {
            return;
        }
        Map<String, List<String>> words = new HashMap<>();
        for (When when : When.values()) {
            for (Edge e : graph.edges()) {
                if (e.from().kind() == kind && e.when() == when) {
                    List<String> line = words.computeIfAbsent(e.from().name(), name -> new ArrayList<>());
                    if (when == When.RUN && !line.contains(TO_RUN)) {
                        line.replaceAll(last -> last.equals(line.get(line.size() - 1)) ? last + ";" : last);
                        line.add(TO_RUN);
                    }
                    line.add(e.to().name());
                }
            }
        }
        heading(names.size(), word, " and what each needs directly");
        int column = 4
                + Math.min(
                        LONGEST_NAME,
                        names.stream().mapToInt(String::length).max().orElse(0));
        names.forEach(name -> row(name, words.getOrDefault(name, List.of()), column));
    }

    private void row(String name, List<String> words, int column) {
        StringBuilder line = new StringBuilder("  ").append(name);
        for (String word : words) {
            if (line.length() + 1 + word.length() > WIDTH && line.length() > column) {
                text.append(line).append('\n');
                line.setLength(0);
            }
            line.append(line.length() < column ? " ".repeat(column - line.length()) : " ")
                    .append(word);
        }
        text.append(line).append('\n');
    }
}
