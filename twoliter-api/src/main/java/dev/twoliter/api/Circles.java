package dev.twoliter.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Finds packages and kits that need each other in a circle: none of them could be built first. Not thread-safe. */
final class Circles {

    /** Enough to see what is wrong. */
    private static final int MOST = 20;

    private final Map<String, Set<String>> edges = new TreeMap<>();
    private final ProjectSpec project;
    private final Set<String> done = new HashSet<>();
    private final List<Problem> problems = new ArrayList<>();

    private Circles(ProjectSpec project) {
        this.project = project;
        for (PackageSpec p : project.packages()) {
            edges(p.name(), p.buildDependencies(), p.dependencies());
        }
        for (KitSpec kit : project.kits()) {
            edges(kit.name(), kit.packages(), kit.kits());
        }
    }

    private void edges(String from, List<String> some, List<String> more) {
        Set<String> all = edges.computeIfAbsent(from, name -> new LinkedHashSet<>());
        all.addAll(some);
        all.addAll(more);
    }

    /** {@return a problem for each circle that is met, at one of its edges; 20 at most} */
    static List<Problem> of(ProjectSpec project) {
        Circles circles = new Circles(project);
        circles.edges.keySet().forEach(circles::walk);
        return circles.problems;
    }

    /** Depth first; with a stack of its own, because a chain may be as long as the project is large. */
    private void walk(String start) {
        Map<String, Iterator<String>> path = new LinkedHashMap<>();
        List<String> stack = new ArrayList<>();
        enter(start, path, stack);
        while (!stack.isEmpty() && problems.size() < MOST) {
            String here = stack.get(stack.size() - 1);
            Iterator<String> rest = path.getOrDefault(here, Collections.emptyIterator());
            if (!rest.hasNext()) {
                stack.remove(stack.size() - 1);
                path.remove(here);
                continue;
            }
            String next = rest.next();
            if (path.containsKey(next)) {
                report(new ArrayList<>(stack.subList(stack.indexOf(next), stack.size())));
            } else {
                enter(next, path, stack);
            }
        }
    }

    private void enter(String name, Map<String, Iterator<String>> path, List<String> stack) {
        if (done.add(name)) {
            path.put(name, edges.getOrDefault(name, Set.of()).iterator());
            stack.add(name);
        }
    }

    /** The circle begins with its first name in the alphabet, wherever it was entered. */
    private void report(List<String> circle) {
        Collections.rotate(circle, -circle.indexOf(Collections.min(circle)));
        String first = circle.get(0);
        String next = circle.get(1 % circle.size());
        boolean kit = project.kits().stream().anyMatch(k -> k.name().equals(first));
        boolean atRunTime = project.packages().stream()
                .filter(p -> p.name().equals(first))
                .noneMatch(p -> p.buildDependencies().contains(next));
        problems.add(Problem.error(
                        (atRunTime && !kit ? "dependencies." : "build-dependencies.") + PackageSpec.crateName(next),
                        "these need each other in a circle: " + String.join(" > ", circle) + " > " + first)
                .withHint("none of them can be built first; leave out one of these dependencies")
                .of(kit ? Subject.ofKit(first) : Subject.ofPackage(first)));
    }
}
