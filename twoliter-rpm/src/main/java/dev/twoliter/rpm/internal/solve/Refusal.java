package dev.twoliter.rpm.internal.solve;

import dev.twoliter.api.ResolutionException;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.RichDependency;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Why a request cannot be met, in words: what is missing or clashes, of which nothing can be left out, and the shortest
 * way from the request to each. Used once.
 */
final class Refusal {
    private static final int MAX_FACTS = 4;

    private final Pool pool;
    private final List<Rule> core;
    private final Set<Rule> inOrder = new LinkedHashSet<>(); // what is near to the request first
    private final Map<Integer, Rule> reachedBy = new HashMap<>(); // on the shortest way from the request
    private final Map<String, List<String>> facts = new LinkedHashMap<>(); // of one kind each
    private final Set<String> chains = new LinkedHashSet<>();
    private final Set<String> hints = new LinkedHashSet<>();

    Refusal(Pool pool, List<Rule> proof) {
        this.pool = pool;
        core = Core.of(proof, pool.size());
        walk();
    }

    /** {@return the refusal of a word for which there is no candidate} */
    static ResolutionException unknown(String wanted, Pool pool) {
        Refusal refusal = new Refusal(pool, List.of());
        return new ResolutionException(
                "the request asks for " + wanted + "; " + refusal.absent(wanted),
                "Add a repository or a package that provides it, or change the request.",
                List.of("requested > " + wanted));
    }

    private void walk() {
        Deque<Integer> open = new ArrayDeque<>();
        core.stream().filter(Refusal::isAsked).forEach(rule -> reach(rule, open));
        while (!open.isEmpty()) {
            int id = open.removeFirst();
            core.stream()
                    .filter(rule -> isOf(rule, RelationKind.REQUIRES) && owner(rule) == id)
                    .forEach(rule -> reach(rule, open));
        }
        inOrder.addAll(core);
    }

    private void reach(Rule rule, Deque<Integer> open) {
        inOrder.add(rule);
        for (int literal : rule.literals()) {
            if (literal > 0 && reachedBy.putIfAbsent(literal, rule) == null) {
                open.add(literal);
            }
        }
    }

    private static boolean isAsked(Rule rule) {
        return rule.origin() instanceof Rule.Job || rule.origin() instanceof Rule.Best;
    }

    private static boolean isOf(Rule rule, RelationKind kind) {
        Rule.Dependency dependency = rule.dependency();
        return dependency != null && dependency.kind() == kind;
    }

    private static int owner(Rule rule) {
        return ((Rule.Dependency) rule.origin()).owner();
    }

    ResolutionException toException() {
        core.forEach(this::addMissing);
        core.forEach(this::addClash);
        core.stream()
                .filter(rule -> rule.origin() instanceof Rule.SameName)
                .map(rule -> ((Rule.SameName) rule.origin()).name())
                .distinct()
                .forEach(this::addSameName);
        core.forEach(this::addBest);
        List<String> told = facts.values().stream().map(Refusal::summary).toList();
        String message = told.stream().limit(MAX_FACTS).collect(Collectors.joining("; "))
                + (told.size() > MAX_FACTS ? "; and " + (told.size() - MAX_FACTS) + " more such reasons" : "");
        return new ResolutionException(message, String.join(" ", hints), List.copyOf(chains));
    }

    private static String summary(List<String> facts) {
        int more = facts.size() - 1;
        return facts.get(0) + (more == 0 ? "" : " (and so for " + more + (more == 1 ? " other)" : " others)"));
    }

    private void add(String kind, String fact) {
        List<String> same = facts.computeIfAbsent(kind, k -> new ArrayList<>());
        if (!same.contains(fact)) {
            same.add(fact);
        }
    }

    private void addMissing(Rule rule) {
        if (rule.origin() instanceof Rule.Excluded excluded) {
            Candidate candidate = pool.get(excluded.candidate());
            if (candidate.isForeign()) {
                add("arch " + candidate.name(), candidate + " is for another architecture");
                hints.add("Add a repository that has it for this architecture.");
            } else {
                add("excluded " + candidate.name(), candidate + " is excluded");
                hints.add("Do not exclude it, or change the request.");
            }
            chains.add(way(candidate.id()));
        } else if (isOf(rule, RelationKind.REQUIRES)
                && Arrays.stream(rule.literals()).allMatch(literal -> literal < 0)) {
            Rule.Dependency dependency = (Rule.Dependency) rule.origin();
            Candidate by = pool.get(dependency.owner());
            List<Candidate> conditions = others(rule, by);
            add(
                    "missing " + by.name() + " " + dependency.what(),
                    by + " needs " + dependency.what()
                            + (conditions.isEmpty() ? "" : " (there is " + join(conditions) + ")") + "; "
                            + absent(dependency.what()));
            conditions.forEach(condition -> chains.add(way(condition.id())));
            chains.add(way(by.id()) + " > " + dependency.what());
            hints.add("Add a repository or a package that provides it, or change the request.");
        }
    }

    private void addClash(Rule rule) {
        Rule.Dependency dependency = rule.dependency();
        if (dependency == null || dependency.kind() == RelationKind.REQUIRES) {
            return;
        }
        Candidate by = pool.get(dependency.owner());
        List<Candidate> others = others(rule, by);
        add(
                "clash " + by.name() + " " + dependency.what(),
                by
                        + (dependency.kind() == RelationKind.CONFLICTS ? " conflicts with " : " obsoletes ")
                        + dependency.what()
                        + (others.isEmpty() ? "" : ", which is " + join(others)));
        chains.add(way(by.id()));
        others.forEach(other -> chains.add(way(other.id())));
        hints.add("Leave one of them out, or choose other versions.");
    }

    /** The other packages that a rule has something against. */
    private List<Candidate> others(Rule rule, Candidate than) {
        return Arrays.stream(rule.literals())
                .filter(literal -> literal < 0 && -literal != than.id())
                .mapToObj(literal -> pool.get(-literal))
                .toList();
    }

    /** Says who needs which version of a name. */
    private void addSameName(String name) {
        List<String> needs = new ArrayList<>();
        for (Rule rule : inOrder) {
            List<Candidate> wanted = Arrays.stream(rule.literals())
                    .filter(literal -> literal > 0)
                    .mapToObj(pool::get)
                    .filter(candidate -> candidate.name().equals(name))
                    .toList();
            if (!wanted.isEmpty()) {
                needs.add(who(rule) + ", which is " + join(wanted));
                wanted.forEach(candidate -> chains.add(way(candidate.id())));
            }
        }
        add("name " + name, "only one " + name + " can be chosen: " + String.join(", but ", needs));
        hints.add("Leave one of them out, or choose versions that agree.");
    }

    private void addBest(Rule rule) {
        if (rule.origin() instanceof Rule.Best best) {
            List<Candidate> candidates =
                    Arrays.stream(rule.literals()).mapToObj(pool::get).toList();
            add("best " + best.wanted(), "the best for " + best.wanted() + " is " + join(candidates));
            hints.add("Allow others than the best.");
        }
    }

    private static String join(List<Candidate> candidates) {
        String first = candidates.get(0).toString();
        int more = candidates.size() - 1;
        return more == 0 ? first : more == 1 ? first + " or " + candidates.get(1) : first + " or " + more + " others";
    }

    private String who(Rule rule) {
        if (rule.origin() instanceof Rule.Job job) {
            return "the request asks for " + job.wanted();
        }
        if (rule.origin() instanceof Rule.Best best) {
            return "the request asks for the best " + best.wanted();
        }
        Rule.Dependency dependency = (Rule.Dependency) rule.origin();
        return pool.get(dependency.owner())
                + (dependency.kind() == RelationKind.REQUIRES ? " needs " : " conflicts with ")
                + dependency.what();
    }

    /** The packages on the way from the request to one. */
    private String way(int to) {
        Deque<String> links = new ArrayDeque<>();
        for (int id = to; id != 0; ) {
            links.addFirst(pool.get(id).toString());
            Rule rule = reachedBy.get(id);
            id = rule == null || isAsked(rule) ? 0 : owner(rule);
        }
        return "requested > " + String.join(" > ", links);
    }

    /** What there is instead of a missing capability. */
    private String absent(String wanted) {
        RichDependency dependency;
        try {
            dependency = RichDependency.parse(wanted);
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
        Relation leaf = missing(dependency);
        if (leaf == null) {
            return "no one package provides that";
        }
        List<Candidate> others =
                Arrays.stream(pool.anyVersion(leaf.name())).mapToObj(pool::get).toList();
        String excluded = names(others, Candidate::isExcluded, leaf);
        String versions = others.stream()
                .filter(candidate -> !candidate.isExcluded())
                .map(candidate -> candidate.repo().name() + " has " + provided(candidate, leaf.name()))
                .distinct()
                .limit(MAX_FACTS)
                .collect(Collectors.joining(", "));
        String prefix = dependency instanceof RichDependency.Simple ? "" : "as to " + leaf + ", ";
        if (!excluded.isEmpty()) {
            return prefix + excluded;
        }
        if (!versions.isEmpty()) {
            if (pool.all().stream().map(Candidate::priority).distinct().count() > 1) {
                hints.add("Priorities hide nothing here.");
            }
            return prefix + versions;
        }
        return prefix + "no repository has it";
    }

    private static String names(List<Candidate> candidates, Predicate<Candidate> which, Relation wanted) {
        return candidates.stream()
                .filter(which)
                .filter(candidate -> candidate.provides().stream()
                        .anyMatch(provide -> provide.name().equals(wanted.name()) && Versions.meet(wanted, provide)))
                .map(candidate -> candidate + (candidate.isForeign() ? " is for another architecture" : " is excluded"))
                .limit(MAX_FACTS)
                .collect(Collectors.joining(", "));
    }

    /** Returns what nothing provides in a dependency, or null if it is their combination. */
    private @org.jspecify.annotations.Nullable Relation missing(RichDependency dependency) {
        if (dependency instanceof RichDependency.Simple simple) {
            return Arrays.stream(pool.providers(simple.relation()))
                            .allMatch(id -> pool.get(id).isExcluded())
                    ? simple.relation()
                    : null;
        }
        if (dependency instanceof RichDependency.Chain chain) {
            return chain.operands().stream()
                    .map(this::missing)
                    .filter(java.util.Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }
        return missing(((RichDependency.Condition) dependency).wanted());
    }

    private static String provided(Candidate candidate, String capability) {
        return candidate.provides().stream()
                .filter(relation -> relation.name().equals(capability))
                .map(relation -> relation.evr() == null ? "it without a version" : capability + " " + relation.evr())
                .findFirst()
                .orElse(candidate.toString());
    }
}
