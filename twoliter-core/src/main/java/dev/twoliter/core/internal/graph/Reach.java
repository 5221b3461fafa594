package dev.twoliter.core.internal.graph;

import dev.twoliter.api.ProjectGraph.Edge;
import dev.twoliter.api.ProjectGraph.Kind;
import dev.twoliter.api.ProjectGraph.Needs;
import dev.twoliter.api.ProjectGraph.Node;
import dev.twoliter.api.ProjectGraph.When;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Works out the lists of project-formats.md 4.9 for every node at once: in one pass from those that need nothing, each
 * node joins the sets of those it needs.
 */
final class Reach {

    private final List<Node> nodes;
    private final Map<Node, Integer> numbers = new HashMap<>();
    private final List<Edge> edges;

    Reach(List<Node> nodes, List<Edge> edges) {
        this.nodes = nodes;
        this.edges = edges;
        nodes.forEach(node -> numbers.put(node, numbers.size()));
    }

    Map<Kind, Map<String, Needs>> needs() {
        Digraph all = new Digraph(nodes.size());
        Digraph build = new Digraph(nodes.size());
        for (Edge e : edges) {
            all.add(number(e.from()), number(e.to()));
            if (e.when() == When.BUILD) {
                build.add(number(e.from()), number(e.to()));
            }
        }
        // What a package brings along when it is needed itself, whatever the kind of edge; a kit brings nothing, and a
        // guest is needed as a whole.
        BitSet[] packages = new BitSet[nodes.size()];
        BitSet[] kits = new BitSet[nodes.size()];
        Map<Kind, Map<String, Needs>> needs = new TreeMap<>();
        int[] order = all.topological();
        for (int i = order.length - 1; i >= 0; i--) {
            int here = order[i];
            packages[here] = union(all.next(here), Kind.PACKAGE, packages);
            kits[here] = new BitSet();
            all.next(here).stream()
                    .filter(to -> nodes.get(to).kind() != Kind.VARIANT)
                    .forEach(to -> {
                        kits[here].or(kits[to]);
                        kits[here].set(to, nodes.get(to).kind() == Kind.KIT);
                    });
            Node node = nodes.get(here);
            Needs both = new Needs(names(union(build.next(here), Kind.PACKAGE, packages)), names(kits[here]));
            needs.computeIfAbsent(node.kind(), kind -> new TreeMap<>()).put(node.name(), both);
        }
        needs.replaceAll((kind, some) -> Collections.unmodifiableMap(some));
        return Collections.unmodifiableMap(needs);
    }

    private BitSet union(BitSet targets, Kind kind, BitSet[] sets) {
        BitSet union = new BitSet();
        targets.stream().filter(to -> nodes.get(to).kind() == kind).forEach(to -> {
            union.set(to);
            union.or(sets[to]);
        });
        return union;
    }

    /** Nodes of one kind have numbers in the order of their names. */
    private List<String> names(BitSet set) {
        return set.stream().mapToObj(i -> nodes.get(i).name()).toList();
    }

    private int number(Node node) {
        Integer number = numbers.get(node);
        if (number == null) {
            throw new IllegalArgumentException("an edge to nothing: " + node);
        }
        return number;
    }
}
