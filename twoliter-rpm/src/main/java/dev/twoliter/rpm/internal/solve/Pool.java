package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.solve.SolveRepo;
import dev.twoliter.rpm.solve.SolveRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All candidates of a request, and who provides what. The order of candidates is libsolv's
 * ({@code policy_filter_unwanted}): the best repository priority, the best version of each name, without those that
 * another obsoletes; those with a newer version elsewhere last; a higher version of the wanted capability first; then
 * the name. Not thread-safe.
 */
final class Pool {
    private final Map<String, List<Candidate>> byName = new HashMap<>();
    private final Map<String, List<Candidate>> byCapability = new HashMap<>();
    private final Map<String, List<Candidate>> byPrimaryFile = new HashMap<>();
    private final List<Candidate> all = new ArrayList<>();
    private final List<Candidate> excluded = new ArrayList<>();
    private @Nullable Map<String, List<Candidate>> byFile;

    Pool(SolveRequest request) {
        List<Pattern> excludes = request.excludes().stream().map(Pool::glob).toList();
        for (SolveRepo repo : request.repos()) {
            for (RepoPackage pkg : repo.packages()) {
                String arch = pkg.nevra().arch();
                if (!arch.equals(request.arch()) && !arch.equals("noarch")) {
                    continue;
                }
                Candidate candidate = new Candidate(pkg, repo, all.size());
                boolean out = excludes.stream()
                        .anyMatch(pattern -> pattern.matcher(pkg.name()).matches()
                                || pattern.matcher(pkg.nevra().toString()).matches());
                if (out) {
                    excluded.add(candidate);
                } else {
                    add(candidate);
                }
            }
        }
    }

    private static Pattern glob(String text) {
        return Pattern.compile(text.chars()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining()));
    }

    private void add(Candidate candidate) {
        all.add(candidate);
        put(byName, candidate.name(), candidate);
        candidate.pkg().provides().stream()
                .map(Relation::name)
                .distinct()
                .forEach(capability -> put(byCapability, capability, candidate));
        candidate.pkg().primaryFiles().forEach(path -> put(byPrimaryFile, path, candidate));
    }

    private static void put(Map<String, List<Candidate>> index, String key, Candidate candidate) {
        index.computeIfAbsent(key, k -> new ArrayList<>()).add(candidate);
    }

    List<Candidate> named(String name) {
        return byName.getOrDefault(name, List.of());
    }

    List<Candidate> excluded() {
        return excluded;
    }

    List<Candidate> providers(Relation wanted) {
        Set<Candidate> found = byCapability.getOrDefault(wanted.name(), List.of()).stream()
                .filter(candidate -> candidate.provides(wanted))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (wanted.name().startsWith("/") && wanted.evr() == null) {
            found.addAll(byPrimaryFile.getOrDefault(wanted.name(), List.of()));
            if (found.isEmpty()) {
                found.addAll(owners(wanted.name()));
            }
        }
        return List.copyOf(found);
    }

    /** Filelists are large, so they are read only when primary does not know a path. */
    private List<Candidate> owners(String path) {
        Map<String, List<Candidate>> index = byFile;
        if (index == null) {
            index = new HashMap<>();
            for (Candidate candidate : all) {
                for (String file : candidate.pkg().files()) {
                    put(index, file, candidate);
                }
            }
            byFile = index;
        }
        return index.getOrDefault(path, List.of());
    }

    /** What is there under that capability in other versions, for messages. */
    List<Candidate> anyVersion(String capability) {
        return byCapability.getOrDefault(capability, List.of());
    }

    /** Sorts candidates, the first choice first; the order after the first is that after the first was ruled out. */
    List<Candidate> sort(List<Candidate> candidates, String capability) {
        List<Candidate> rest = new ArrayList<>(candidates);
        List<Candidate> sorted = new ArrayList<>();
        while (!rest.isEmpty()) {
            Candidate best = best(rest, capability);
            sorted.add(best);
            rest.remove(best);
        }
        return sorted;
    }

    private Candidate best(List<Candidate> candidates, String capability) {
        int priority =
                candidates.stream().mapToInt(c -> c.repo().priority()).min().orElseThrow();
        Map<String, Candidate> newest = new HashMap<>();
        for (Candidate candidate : candidates) {
            if (candidate.repo().priority() == priority) {
                newest.merge(candidate.name(), candidate, Pool::newer);
            }
        }
        List<Candidate> left = newest.values().stream()
                .filter(c -> newest.values().stream().noneMatch(other -> other.obsoletes(c)))
                .toList();
        if (left.isEmpty()) {
            left = List.copyOf(newest.values()); // they obsolete each other
        }
        return left.stream()
                .min(Comparator.comparing(this::isOutdated)
                        .thenComparing(c -> provided(c, capability), Comparator.reverseOrder())
                        .thenComparing(Candidate::name))
                .orElseThrow();
    }

    private static Candidate newer(Candidate a, Candidate b) {
        int order = a.pkg().nevra().evr().compareTo(b.pkg().nevra().evr());
        return order > 0 || (order == 0 && a.order() < b.order()) ? a : b;
    }

    private boolean isOutdated(Candidate candidate) {
        return named(candidate.name()).stream()
                .anyMatch(other -> other.repo().priority() <= candidate.repo().priority()
                        && other.pkg()
                                        .nevra()
                                        .evr()
                                        .compareTo(candidate.pkg().nevra().evr())
                                > 0);
    }

    private static dev.twoliter.rpm.Evr provided(Candidate candidate, String capability) {
        return candidate.pkg().provides().stream()
                .filter(relation ->
                        relation.name().equals(capability) && relation.comparison() == Relation.Comparison.EQ)
                .map(Relation::evr)
                .filter(java.util.Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(NO_VERSION);
    }

    private static final dev.twoliter.rpm.Evr NO_VERSION = dev.twoliter.rpm.Evr.parse("~");
}
