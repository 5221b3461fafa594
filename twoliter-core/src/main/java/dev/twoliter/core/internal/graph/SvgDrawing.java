package dev.twoliter.core.internal.graph;

import dev.twoliter.api.ProjectGraph.Edge;
import dev.twoliter.api.ProjectGraph.Node;
import dev.twoliter.api.ProjectGraph.When;
import dev.twoliter.core.internal.graph.Layers.Cell;
import dev.twoliter.core.internal.graph.Picture.Arrow;
import dev.twoliter.core.internal.graph.Picture.Box;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Draws an SVG document: no script, no font and no file of its own, in light and dark. Pointing at a box in a browser
 * shows its arrows alone; pointing at a name tells its direct needs. Not thread-safe.
 */
final class SvgDrawing {

    private static final int MARGIN = 24;
    private static final int TOP = 64;
    private static final int PADDING = 9;
    private static final int ROW = 17;
    /** A column of names in a box; then the next one begins. */
    private static final int MOST_ROWS = 40;
    /** Of one character of the monospaced font, a little generous. */
    private static final double CHARACTER = 7.3;

    private static final int MOST_TOLD = 12;

    private final Picture picture;
    private final Map<Long, When> whens = new HashMap<>();
    private final Map<String, List<String>> needs = new HashMap<>();
    private final Map<String, List<String>> neededBy = new HashMap<>();
    private final List<List<Cell>> columns;
    private final long[] left;
    private final long[] right;
    private final StringBuilder text = new StringBuilder();

    private SvgDrawing(Graph graph) {
        this.picture = Picture.of(graph);
        Digraph arrows = new Digraph(picture.boxes().size());
        for (Arrow arrow : picture.arrows()) {
            arrows.add(arrow.from(), arrow.to());
            whens.put(key(arrow.from(), arrow.to()), arrow.when());
        }
        for (Edge e : graph.edges()) {
            tell(needs, e.from(), e.to().name() + (e.when() == When.RUN ? " (to run)" : ""));
            tell(neededBy, e.to(), e.from().name());
        }
        this.columns = Layers.of(
                arrows, picture.boxes().stream().mapToDouble(SvgDrawing::height).toArray());
        this.left = new long[columns.size()];
        this.right = new long[columns.size()];
        long x = MARGIN;
        for (int i = 0; i < columns.size(); i++) {
            left[i] = x;
            long widest = 0;
            long leaving = 0;
            for (Cell cell : columns.get(i)) {
                widest = Math.max(widest, cell.lane ? 0 : width(picture.boxes().get(cell.number)));
                leaving += cell.right.size();
            }
            right[i] = x + widest;
            x = right[i] + 44 + Math.min(90, 2 * leaving);
        }
    }

    private static long key(int from, int to) {
        return (long) from << 32 | to;
    }

    private static void tell(Map<String, List<String>> what, Node of, String name) {
        what.computeIfAbsent(of.kind() + " " + of.name(), k -> new ArrayList<>())
                .add(name);
    }

    static String of(Graph graph) {
        return new SvgDrawing(graph).draw();
    }

    private static int perColumn(Box box) {
        int columns = (box.names().size() + MOST_ROWS - 1) / MOST_ROWS;
        return (box.names().size() + columns - 1) / columns;
    }

    private static long nameWidth(Box box) {
        int longest = box.names().stream().mapToInt(String::length).max().orElse(0);
        return Math.round(longest * CHARACTER);
    }

    private static long width(Box box) {
        int columns = (box.names().size() + perColumn(box) - 1) / perColumn(box);
        return columns * (nameWidth(box) + 2 * PADDING) + 4;
    }

    private static double height(Box box) {
        return perColumn(box) * ROW + PADDING;
    }

    private String draw() {
        double bottom = columns.stream()
                .flatMap(List::stream)
                .mapToDouble(c -> c.y + c.height / 2)
                .max()
                .orElse(0);
        List<String> caption = picture.caption();
        long legendTop = TOP + Math.round(bottom) + 36;
        long height = legendTop + 20L * caption.size() + 30;
        long width = Math.max(640, (right.length == 0 ? 0 : right[right.length - 1]) + MARGIN);
        String title = "Dependencies: " + counts();
        text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"")
                .append(width);
        text.append("\" height=\"")
                .append(height)
                .append("\" viewBox=\"0 0 ")
                .append(width)
                .append(' ');
        text.append(height).append("\">\n<title>").append(escaped(title)).append("</title>\n<desc>");
        text.append(escaped(String.join(" ", caption))).append("</desc>\n");
        style();
        text.append("<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
        text.append("<text class=\"title\" x=\"")
                .append(MARGIN)
                .append("\" y=\"36\">")
                .append(escaped(title));
        text.append("</text>\n");
        Map<Cell, BitSet> sources = sources();
        columns.forEach(column -> column.forEach(cell -> arrows(cell, sources)));
        columns.forEach(column -> column.stream().filter(c -> !c.lane).forEach(this::box));
        legend(legendTop, caption);
        return text.append("</svg>\n").toString();
    }

    private Map<Paint, Integer> totals() {
        Map<Paint, Integer> totals = new LinkedHashMap<>();
        for (Paint paint : Paint.ALL) {
            int count = picture.boxes().stream()
                    .filter(box -> box.paint().equals(paint))
                    .mapToInt(box -> box.names().size())
                    .sum();
            if (count > 0) {
                totals.put(paint, count);
            }
        }
        return totals;
    }

    private String counts() {
        String counts = totals().entrySet().stream()
                .map(e -> Picture.count(e.getValue(), e.getKey().word()))
                .collect(Collectors.joining(", "));
        return counts.isEmpty() ? "nothing" : counts;
    }

    /** Colours for paper and, by the reader's wish, for a dark screen. */
    private void style() {
        text.append("""
                <style>
                text{font:12px "DejaVu Sans Mono","Liberation Mono",Menlo,Consolas,monospace;fill:#1a1a1a}
                .title{font:600 17px "DejaVu Sans","Liberation Sans",Helvetica,Arial,sans-serif}
                .note{font:13px "DejaVu Sans","Liberation Sans",Helvetica,Arial,sans-serif}
                .paper{fill:#fff}
                .a{fill:none;stroke:#868e96;stroke-width:1.2}
                .h{fill:#868e96}
                .run{stroke-dasharray:5 3}
                """);
        for (Paint paint : Paint.ALL) {
            text.append(".")
                    .append(paint.style())
                    .append("{fill:")
                    .append(paint.fill())
                    .append(";stroke:");
            text.append(paint.line()).append("}\n");
        }
        text.append("@media (prefers-color-scheme:dark){.paper{fill:#16181c}text{fill:#eee}\n");
        for (Paint paint : Paint.ALL) {
            text.append(".")
                    .append(paint.style())
                    .append("{fill:")
                    .append(paint.night())
                    .append("}\n");
        }
        text.append("}\nsvg:has(.b:hover) :is(.a,.h){opacity:.12}\n");
        for (int i = 0; i < picture.boxes().size(); i++) {
            text.append("svg:has(.b")
                    .append(i)
                    .append(":hover) :is(.f")
                    .append(i)
                    .append(",.t")
                    .append(i);
            text.append("){opacity:1;stroke-width:2.2}\n");
        }
        text.append("</style>\n");
    }

    /** {@return the boxes whose arrows run through each lane} */
    private Map<Cell, BitSet> sources() {
        Map<Cell, BitSet> sources = new HashMap<>();
        for (List<Cell> column : columns) {
            for (Cell lane : column) {
                if (lane.lane) {
                    BitSet all = new BitSet();
                    for (Cell from : lane.left) {
                        if (from.lane) {
                            all.or(sources.getOrDefault(from, new BitSet()));
                        } else {
                            all.set(from.number);
                        }
                    }
                    sources.put(lane, all);
                }
            }
        }
        return sources;
    }

    private void arrows(Cell from, Map<Cell, BitSet> sources) {
        for (Cell to : from.right) {
            long x1 = from.lane
                    ? left[from.column]
                    : left[from.column] + width(picture.boxes().get(from.number));
            long x2 = left[to.column];
            long bend = (right[from.column] + x2) / 2;
            text.append("<path class=\"a t").append(to.number);
            if (from.lane) {
                sources.getOrDefault(from, new BitSet()).stream()
                        .forEach(i -> text.append(" f").append(i));
            } else {
                text.append(" f").append(from.number);
                if (whens.get(key(from.number, to.number)) == When.RUN) {
                    text.append(" run");
                }
            }
            text.append("\" d=\"M")
                    .append(x1)
                    .append(' ')
                    .append(y(from))
                    .append('H')
                    .append(right[from.column]);
            text.append('C')
                    .append(bend)
                    .append(' ')
                    .append(y(from))
                    .append(' ')
                    .append(bend)
                    .append(' ');
            text.append(y(to))
                    .append(' ')
                    .append(x2 - (to.lane ? 0 : 6))
                    .append(' ')
                    .append(y(to))
                    .append("\"/>\n");
        }
        if (!from.lane && !from.left.isEmpty()) {
            text.append("<path class=\"h t")
                    .append(from.number)
                    .append("\" d=\"M")
                    .append(left[from.column]);
            text.append(' ').append(y(from)).append("l-8-4v8z\"/>\n");
        }
    }

    private static long y(Cell cell) {
        return TOP + Math.round(cell.y);
    }

    private void box(Cell cell) {
        Box box = picture.boxes().get(cell.number);
        long x = left[cell.column];
        long y = TOP + Math.round(cell.y - cell.height / 2);
        text.append("<g class=\"b b").append(cell.number).append("\">\n");
        rect(box.paint(), x, y, width(box), Math.round(cell.height));
        long rows = perColumn(box);
        for (int i = 0; i < box.names().size(); i++) {
            String name = box.names().get(i);
            text.append("<text x=\"").append(x + 4 + PADDING + i / rows * (nameWidth(box) + 2 * PADDING));
            text.append("\" y=\"")
                    .append(y + PADDING / 2 + ROW * (i % rows) + 13)
                    .append("\">");
            text.append(escaped(name)).append(told(box.paint(), name)).append("</text>\n");
        }
        text.append("</g>\n");
    }

    private void rect(Paint paint, long x, long y, long width, long height) {
        text.append("<rect class=\"")
                .append(paint.style())
                .append("\" x=\"")
                .append(x)
                .append("\" y=\"")
                .append(y);
        text.append("\" width=\"")
                .append(width)
                .append("\" height=\"")
                .append(height)
                .append("\" rx=\"");
        text.append(paint.round()).append("\"/>\n");
    }

    private String told(Paint paint, String name) {
        String key = paint.kind() + " " + name;
        List<String> lines = new ArrayList<>();
        lines.add(paint.word() + " " + name);
        lines.add(list("needs: ", needs.getOrDefault(key, List.of())));
        lines.add(list("needed by: ", neededBy.getOrDefault(key, List.of())));
        lines.removeIf(String::isEmpty);
        return "<title>" + escaped(String.join("\n", lines)) + "</title>";
    }

    private static String list(String what, List<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        int more = names.size() - MOST_TOLD;
        return what
                + String.join(", ", names.subList(0, Math.min(MOST_TOLD, names.size())))
                + (more > 0 ? " and " + more + " more" : "");
    }

    private void legend(long top, List<String> caption) {
        long x = MARGIN;
        for (Map.Entry<Paint, Integer> total : totals().entrySet()) {
            rect(total.getKey(), x, top - 12, 24, 15);
            String words = Picture.count(total.getValue(), total.getKey().word());
            note(x + 32, top, words);
            x += 32 + Math.round(words.length() * 8.2) + 20;
        }
        for (int i = 0; i < caption.size(); i++) {
            note(MARGIN, top + 20L * (i + 1), caption.get(i));
        }
    }

    private void note(long x, long y, String words) {
        text.append("<text class=\"note\" x=\"")
                .append(x)
                .append("\" y=\"")
                .append(y)
                .append("\">");
        text.append(escaped(words)).append("</text>\n");
    }

    /** What XML 1.0 cannot hold at all becomes a question mark. */
    private static String escaped(String words) {
        return words.replaceAll("[^\\n\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "?")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
