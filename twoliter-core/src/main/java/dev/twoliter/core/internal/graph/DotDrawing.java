package dev.twoliter.core.internal.graph;

import dev.twoliter.api.ProjectGraph.Edge;
import dev.twoliter.api.ProjectGraph.Node;
import dev.twoliter.api.ProjectGraph.When;
import java.util.Locale;

/** Writes every node and edge in Graphviz's language, for its programs: dot draws, tred reduces. */
final class DotDrawing {

    private DotDrawing() {}

    static String of(Graph graph) {
        StringBuilder text = new StringBuilder("""
                digraph project {
                  rankdir=LR;
                  node [shape=box, style="filled", fontname="sans-serif"];
                """);
        for (Node node : graph.nodes()) {
            Paint paint = Paint.of(node.kind());
            text.append("  ").append(id(node)).append(" [label=").append(quoted(node.name()));
            text.append(", color=\"")
                    .append(paint.line())
                    .append("\", fillcolor=\"")
                    .append(paint.fill());
            text.append("\"];\n");
        }
        for (String kit : graph.externalKits()) {
            text.append("  ")
                    .append(quoted("external kit " + kit))
                    .append(" [label=")
                    .append(quoted(kit));
            text.append(", style=\"filled,dashed\", color=\"").append(Paint.EXTERNAL.line());
            text.append("\", fillcolor=\"").append(Paint.EXTERNAL.fill()).append("\"];\n");
        }
        for (Edge e : graph.edges()) {
            text.append("  ").append(id(e.from())).append(" -> ").append(id(e.to()));
            text.append(e.when() == When.RUN ? " [style=dashed];\n" : ";\n");
        }
        return text.append("}\n").toString();
    }

    private static String id(Node node) {
        return quoted(node.kind().name().toLowerCase(Locale.ROOT) + " " + node.name());
    }

    private static String quoted(String name) {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
