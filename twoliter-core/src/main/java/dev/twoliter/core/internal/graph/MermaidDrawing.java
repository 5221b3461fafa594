package dev.twoliter.core.internal.graph;

import dev.twoliter.api.ProjectGraph.When;
import java.util.stream.Collectors;

/** Writes a flowchart for Mermaid, which GitHub and GitLab draw in Markdown. */
final class MermaidDrawing {

    private MermaidDrawing() {}

    static String of(Graph graph) {
        Picture picture = Picture.of(graph);
        StringBuilder text = new StringBuilder("flowchart LR\n");
        picture.caption().forEach(line -> text.append("  %% ").append(line).append('\n'));
        for (int i = 0; i < picture.boxes().size(); i++) {
            Picture.Box box = picture.boxes().get(i);
            text.append("  n").append(i).append("[\"");
            text.append(box.names().stream().map(MermaidDrawing::escaped).collect(Collectors.joining("<br/>")));
            text.append("\"]:::").append(box.paint().style()).append('\n');
        }
        for (Picture.Arrow arrow : picture.arrows()) {
            text.append("  n").append(arrow.from()).append(arrow.when() == When.RUN ? " -.-> n" : " --> n");
            text.append(arrow.to()).append('\n');
        }
        for (Paint paint : Paint.ALL) {
            text.append("  classDef ").append(paint.style()).append(" fill:").append(paint.fill());
            text.append(",stroke:").append(paint.line()).append(",color:#1a1a1a\n");
        }
        return text.toString();
    }

    /** Mermaid's own entities; a name is mostly too plain to need one. */
    private static String escaped(String name) {
        StringBuilder text = new StringBuilder();
        name.codePoints().forEach(c -> {
            if (Character.isLetterOrDigit(c) || "-_.+/ ".indexOf(c) >= 0) {
                text.appendCodePoint(c);
            } else {
                text.append('#').append(c).append(';');
            }
        });
        return text.toString();
    }
}
