package dev.twoliter.core.internal.plan;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.KitSpec;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.VariantSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who needs whom among the packages, kits and variants of a project (project-formats.md 4.9). Packages and kits share
 * one name space, as Cargo's packages do. Immutable, thread-safe.
 */
public final class Graph {

    private final Map<String, PackageSpec> packages = new HashMap<>();
    private final Map<String, KitSpec> kits = new HashMap<>();

    /**
     * Draws the graph.
     *
     * @param project the project
     * @throws InvalidProjectException if packages or kits need each other in a circle, which the problem shows
     */
    public Graph(ProjectSpec project) {
        project.packages().forEach(p -> packages.put(p.name(), p));
        project.kits().forEach(k -> kits.put(k.name(), k));
        Set<String> done = new TreeSet<>();
        new TreeSet<>(packages.keySet()).forEach(name -> refuseCircles(name, new ArrayList<>(), done));
        new TreeSet<>(kits.keySet()).forEach(name -> refuseCircles(name, new ArrayList<>(), done));
    }

    /** Depth is bounded by the number of packages and kits. */
    private void refuseCircles(String name, List<String> path, Set<String> done) {
        int seen = path.indexOf(name);
        if (seen >= 0) {
            String circle = String.join(" > ", path.subList(seen, path.size())) + " > " + name;
            throw new InvalidProjectException(
                    List.of(Problem.error("build-dependencies", "these need each other in a circle: " + circle)));
        }
        if (done.contains(name)) {
            return;
        }
        path.add(name);
        edges(name, true).forEach(next -> refuseCircles(next, path, done));
        path.remove(path.size() - 1);
        done.add(name);
    }

    /**
     * {@return the packages that a kit holds, or that a package is built from: reached without passing through a kit;
     * by name}
     *
     * @param name a package or kit
     */
    public List<String> packagesOf(String name) {
        return packages(name, edges(name, false));
    }

    /**
     * {@return the packages of this project that a variant uses directly, by name}
     *
     * @param variant the variant
     */
    public List<String> packagesOf(VariantSpec variant) {
        return packages("", variant.buildDependencies());
    }

    private List<String> packages(String from, List<String> first) {
        TreeSet<String> found = new TreeSet<>();
        List<String> open = new ArrayList<>(first);
        while (!open.isEmpty()) {
            String next = open.remove(open.size() - 1);
            if (packages.containsKey(next) && !next.equals(from) && found.add(next)) {
                open.addAll(edges(next, true));
            }
        }
        return List.copyOf(found);
    }

    /**
     * {@return the kits of this project that a package or kit needs, directly or not, by name}
     *
     * @param name a package or kit
     */
    public List<String> kitsOf(String name) {
        return kits(name, edges(name, true));
    }

    /**
     * {@return the kits of this project that a variant needs, directly or not, by name}
     *
     * @param variant the variant
     */
    public List<String> kitsOf(VariantSpec variant) {
        return kits("", variant.buildDependencies());
    }

    private List<String> kits(String from, List<String> first) {
        TreeSet<String> found = new TreeSet<>();
        Set<String> seen = new LinkedHashSet<>();
        List<String> open = new ArrayList<>(first);
        while (!open.isEmpty()) {
            String next = open.remove(open.size() - 1);
            if (seen.add(next)) {
                if (kits.containsKey(next) && !next.equals(from)) {
                    found.add(next);
                }
                open.addAll(edges(next, true));
            }
        }
        return List.copyOf(found);
    }

    private List<String> edges(String name, boolean atRunTime) {
        List<String> edges = new ArrayList<>();
        PackageSpec p = packages.get(name);
        if (p != null) {
            edges.addAll(p.buildDependencies());
            if (atRunTime) {
                edges.addAll(p.dependencies());
            }
        }
        KitSpec kit = kits.get(name);
        if (kit != null) {
            edges.addAll(kit.packages());
            edges.addAll(kit.kits());
        }
        return edges;
    }
}
