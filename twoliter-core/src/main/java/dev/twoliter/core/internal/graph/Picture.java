package dev.twoliter.core.internal.graph;

import dev.twoliter.api.ProjectGraph.Edge;
import dev.twoliter.api.ProjectGraph.Node;
import dev.twoliter.api.ProjectGraph.When;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a picture of a graph shows. Needs that follow from longer ways are left out; names that need, and are needed by,
 * the same share a box. Both lose nothing, and make the picture of a large project readable.
 *
 * @param boxes the boxes
 * @param arrows the arrows between them
 * @param needs how many direct needs there are
 * @param shown how many of them the arrows stand for
 */
record Picture(List<Box> boxes, List<Arrow> arrows, int needs, int shown) {

    /** Names of one kind. */
    record Box(Paint paint, List<String> names) {}

    /** From one box to another, by their numbers. */
    record Arrow(int from, int to, When when) {}

    static Picture of(Graph graph) {
        List<Node> nodes = graph.nodes();
        Map<Node, Integer> numbers = new HashMap<>();
        nodes.forEach(node -> numbers.put(node, numbers.size()));
        Digraph all = new Digraph(nodes.size());
        Digraph build = new Digraph(nodes.size());
        for (Edge e : graph.edges()) {
            int from = numbers.getOrDefault(e.from(), 0);
            int to = numbers.getOrDefault(e.to(), 0);
            all.add(from, to);
            if (e.when() == When.BUILD) {
                build.add(from, to);
            }
        }
        Digraph reduced = all.reduced();
        Digraph reverse = reduced.reverse();
        Digraph reducedBuild = both(reduced, build);
        Digraph reverseBuild = reducedBuild.reverse();

        Map<List<Object>, List<Integer>> twins = new LinkedHashMap<>();
        int[] boxOf = new int[nodes.size()];
        for (int i = 0; i < nodes.size(); i++) {
            List<Object> place = List.of(
                    nodes.get(i).kind(), reduced.next(i), reverse.next(i), reducedBuild.next(i), reverseBuild.next(i));
            twins.computeIfAbsent(place, p -> new ArrayList<>()).add(i);
        }
        List<Box> boxes = new ArrayList<>();
        for (List<Integer> members : twins.values()) {
            members.forEach(member -> boxOf[member] = boxes.size());
            boxes.add(new Box(
                    Paint.of(nodes.get(members.get(0)).kind()),
                    members.stream().map(member -> nodes.get(member).name()).toList()));
        }
        List<Arrow> arrows = new ArrayList<>();
        for (List<Integer> members : twins.values()) {
            int one = members.get(0);
            BitSet targets = new BitSet();
            reduced.next(one).stream().forEach(to -> targets.set(boxOf[to]));
            BitSet needed = new BitSet();
            reducedBuild.next(one).stream().forEach(to -> needed.set(boxOf[to]));
            targets.stream()
                    .forEach(to -> arrows.add(new Arrow(boxOf[one], to, needed.get(to) ? When.BUILD : When.RUN)));
        }
        if (!graph.externalKits().isEmpty()) {
            boxes.add(new Box(Paint.EXTERNAL, graph.externalKits()));
        }
        return new Picture(List.copyOf(boxes), List.copyOf(arrows), edges(all), edges(reduced));
    }

    private static Digraph both(Digraph a, Digraph b) {
        Digraph both = new Digraph(a.size());
        for (int i = 0; i < a.size(); i++) {
            both.next(i).or(a.next(i));
            both.next(i).and(b.next(i));
        }
        return both;
    }

    private static int edges(Digraph graph) {
        int count = 0;
        for (int i = 0; i < graph.size(); i++) {
            count += graph.next(i).cardinality();
        }
        return count;
    }

    /** {@return what the reader of a picture must know} */
    List<String> caption() {
        List<String> lines = new ArrayList<>();
        if (!arrows.isEmpty()) {
            boolean run = arrows.stream().anyMatch(arrow -> arrow.when() == When.RUN);
            lines.add("Arrows point to what is needed" + (run ? "; dashed: only to run." : "."));
        }
        if (shown < needs) {
            lines.add("Drawn: " + shown + " of " + needs + " direct needs; the others follow from longer ways.");
        }
        if (boxes.stream().anyMatch(b -> b.names().size() > 1 && !b.paint().equals(Paint.EXTERNAL))) {
            lines.add("Names in one box need, and are needed by, the same.");
        }
        if (boxes.stream().anyMatch(b -> b.paint().equals(Paint.EXTERNAL))) {
            lines.add("External kits are there for every build.");
        }
        return lines;
    }

    /** {@return such as {@code 1 kit} or {@code 3 packages}} */
    static String count(int number, String word) {
        return number + " " + word + (number == 1 ? "" : "s");
    }
}
