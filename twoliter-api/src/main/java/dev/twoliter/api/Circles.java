package dev.twoliter.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Finds packages and kits, and variants in the images of others, that need each other in a circle: none of them could be
 * built first. Not thread-safe.
 */
final class Circles {

    /** Enough to see what is wrong. */
    private static final int MOST = 20;

    private final Map<String, Set<String>> edges = new TreeMap<>();
    private final Function<List<String>, Problem> report;
    private final Set<String> done = new HashSet<>();
    private final List<Problem> problems = new ArrayList<>();

    private Circles(Function<List<String>, Problem> report) {
        this.report = report;
    }

    private void edges(String from, Collection<String> some, Collection<String> more) {
        Set<String> all = edges.computeIfAbsent(from, name -> new LinkedHashSet<>());
        all.addAll(some);
        all.addAll(more);
    }

    /** {@return a problem for each circle that is met, at one of its edges; 20 at most} */
    static List<Problem> of(ProjectSpec project) {
        Circles circles = new Circles(circle -> problem(project, circle));
        for (PackageSpec p : project.packages()) {
            circles.edges(p.name(), p.buildDependencies(), p.dependencies());
        }
        for (KitSpec kit : project.kits()) {
            circles.edges(kit.name(), kit.packages(), kit.kits());
        }
        List<Problem> problems = new ArrayList<>(circles.find());
        Circles guests = new Circles(Circles::guestProblem);
        for (VariantSpec variant : project.variants()) {
            List<String> others = variant.guestImages().keySet().stream()
                    .filter(guest -> !guest.equals(variant.name()))
                    .toList();
            guests.edges(variant.name(), others, List.of());
        }
        problems.addAll(guests.find());
        return problems;
    }

    private List<Problem> find() {
        edges.keySet().forEach(this::walk);
        return problems;
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
                problems.add(report.apply(fromFirst(stack.subList(stack.indexOf(next), stack.size()))));
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
    private static List<String> fromFirst(List<String> met) {
        List<String> circle = new ArrayList<>(met);
        Collections.rotate(circle, -circle.indexOf(Collections.min(circle)));
        return circle;
    }

    private static Problem guestProblem(List<String> circle) {
        String first = circle.get(0);
        return Problem.error(
                        "package.metadata.build-variant.guest-images." + circle.get(1),
                        "these hold each other's images in a circle: " + String.join(" > ", circle) + " > " + first)
                .withHint("none of them can be built first; leave out one of these guests")
                .of(Subject.ofVariant(first));
    }

    private static Problem problem(ProjectSpec project, List<String> circle) {
        String first = circle.get(0);
        String next = circle.get(1 % circle.size());
        boolean kit = project.kits().stream().anyMatch(k -> k.name().equals(first));
        boolean atRunTime = project.packages().stream()
                .filter(p -> p.name().equals(first))
                .noneMatch(p -> p.buildDependencies().contains(next));
        return Problem.error(
                        (atRunTime && !kit ? "dependencies." : "build-dependencies.") + PackageSpec.crateName(next),
                        "these need each other in a circle: " + String.join(" > ", circle) + " > " + first)
                .withHint("none of them can be built first; leave out one of these dependencies")
                .of(kit ? Subject.ofKit(first) : Subject.ofPackage(first));
    }
}
