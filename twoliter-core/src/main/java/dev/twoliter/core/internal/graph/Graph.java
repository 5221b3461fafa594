package dev.twoliter.core.internal.graph;

import dev.twoliter.api.GraphFormat;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.KitSpec;
import dev.twoliter.api.Lock;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectGraph;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.core.internal.project.Nearest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The graph of project-formats.md 4.9.
 *
 * @param needs what each node needs, by kind and name; its keys are the nodes
 * @param edges see {@link ProjectGraph#edges()}
 * @param externalKits see {@link ProjectGraph#externalKits()}
 */
public record Graph(Map<Kind, Map<String, Needs>> needs, List<Edge> edges, List<String> externalKits)
        implements ProjectGraph {

    /**
     * Draws the graph.
     *
     * @param project the project
     * @param lock its lock, if there is one
     * @return the graph
     */
    public static Graph of(ProjectSpec project, Optional<Lock> lock) {
        List<Edge> edges = new ArrayList<>();
        Set<String> kits = new HashSet<>();
        project.kits().forEach(k -> kits.add(k.name()));
        Function<String, Node> target = name -> new Node(kits.contains(name) ? Kind.KIT : Kind.PACKAGE, name);
        List<Node> nodes = new ArrayList<>();
        for (PackageSpec p : project.packages()) {
            Node node = add(nodes, Kind.PACKAGE, p.name());
            addEdges(edges, node, p.buildDependencies(), target, When.BUILD);
            addEdges(edges, node, p.dependencies(), target, When.RUN);
        }
        for (KitSpec kit : project.kits()) {
            Node node = add(nodes, Kind.KIT, kit.name());
            List<String> all = new ArrayList<>(kit.kits());
            all.addAll(kit.packages());
            addEdges(edges, node, all, target, When.BUILD);
        }
        for (VariantSpec variant : project.variants()) {
            Node node = add(nodes, Kind.VARIANT, variant.name());
            addEdges(edges, node, variant.buildDependencies(), target, When.BUILD);
            List<String> guests = List.copyOf(variant.guestImages().keySet());
            addEdges(edges, node, guests, name -> new Node(Kind.VARIANT, name), When.BUILD);
        }
        List<String> external = lock.map(l -> l.kits().stream()
                        .map(kit -> kit.vendor() + "/" + kit.name())
                        .toList())
                .orElseGet(() -> project.dependencies().stream()
                        .map(kit -> kit.vendor() + "/" + kit.name())
                        .toList());
        return new Graph(new Reach(nodes, edges).needs(), List.copyOf(edges), external);
    }

    private static Node add(List<Node> nodes, Kind kind, String name) {
        Node node = new Node(kind, name);
        nodes.add(node);
        return node;
    }

    private static void addEdges(
            List<Edge> edges, Node from, List<String> names, Function<String, Node> target, When when) {
        new TreeSet<>(names).forEach(name -> edges.add(new Edge(from, target.apply(name), when)));
    }

    @Override
    public Map<String, Needs> packages() {
        return of(Kind.PACKAGE);
    }

    @Override
    public Map<String, Needs> kits() {
        return of(Kind.KIT);
    }

    @Override
    public Map<String, Needs> variants() {
        return of(Kind.VARIANT);
    }

    private Map<String, Needs> of(Kind kind) {
        return needs.getOrDefault(kind, Map.of());
    }

    /**
     * {@return what a package or kit needs}
     *
     * @param name the name of one
     */
    public Needs needsOf(String name) {
        return named(kits().containsKey(name) ? kits() : packages(), name);
    }

    /**
     * {@return what a variant needs}
     *
     * @param variant one of the project
     */
    public Needs needsOf(VariantSpec variant) {
        return named(variants(), variant.name());
    }

    private static Needs named(Map<String, Needs> all, String name) {
        Needs needs = all.get(name);
        if (needs == null) {
            throw new IllegalArgumentException("not in the graph: " + name);
        }
        return needs;
    }

    /** {@return every package, kit and variant, in that order, by name} */
    List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            of(kind).keySet().forEach(name -> nodes.add(new Node(kind, name)));
        }
        return nodes;
    }

    @Override
    public Graph of(String name) {
        return part(name, Edge::from, Edge::to);
    }

    @Override
    public Graph neededBy(String name) {
        return part(name, Edge::to, Edge::from);
    }

    private Graph part(String name, Function<Edge, Node> near, Function<Edge, Node> far) {
        List<Node> open = new ArrayList<>(
                nodes().stream().filter(n -> n.name().equals(name)).toList());
        if (open.isEmpty()) {
            throw new InvalidProjectException(List.of(
                    Problem.error("", "there is no package, kit or variant '" + name + "' in this project")
                            .withHint(Nearest.hint(
                                    name, nodes().stream().map(Node::name).toList()))));
        }
        Map<Node, List<Node>> next = new HashMap<>();
        edges.forEach(
                e -> next.computeIfAbsent(near.apply(e), n -> new ArrayList<>()).add(far.apply(e)));
        Set<Node> reached = new HashSet<>(open);
        while (!open.isEmpty()) {
            for (Node node : next.getOrDefault(open.remove(open.size() - 1), List.of())) {
                if (reached.add(node)) {
                    open.add(node);
                }
            }
        }
        return keep(reached::contains);
    }

    private Graph keep(Predicate<Node> kept) {
        Map<Kind, Map<String, Needs>> part = new TreeMap<>();
        needs.forEach((kind, all) -> {
            Map<String, Needs> some = new TreeMap<>(all);
            some.keySet().removeIf(name -> !kept.test(new Node(kind, name)));
            part.put(kind, Collections.unmodifiableMap(some));
        });
        return new Graph(
                Collections.unmodifiableMap(part),
                edges.stream()
                        .filter(e -> kept.test(e.from()) && kept.test(e.to()))
                        .toList(),
                externalKits);
    }

    @Override
    public String draw(GraphFormat format) {
        return switch (format) {
            case TEXT -> TextDrawing.of(this);
            case DOT -> DotDrawing.of(this);
            case MERMAID -> MermaidDrawing.of(this);
            case SVG -> SvgDrawing.of(this);
            case JSON -> JsonDrawing.of(this);
        };
    }
}
