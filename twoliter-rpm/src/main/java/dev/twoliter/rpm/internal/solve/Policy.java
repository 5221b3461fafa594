package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.Relation.Comparison;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which of several candidates is taken: of the best repository priority; of each name the best version, of equal ones
 * that of the repository listed first; none that another obsoletes; a recommended one. Of those left, one without a
 * newer version elsewhere comes first, then one that provides more of what they all provide, then a suggested one, then
 * by name. Source: rpm-oci.md 7.
 */
final class Policy {
    private static final int DIGEST_LENGTH = 4;

    private final Pool pool;
    private final WeakDependencies weak;

    Policy(Pool pool, WeakDependencies weak) {
        this.pool = pool;
        this.weak = weak;
    }

    /** {@return the candidates that may be taken, the first choice first} */
    int[] choose(int[] candidates) {
        int[] left = preferRecommended(best(candidates, pool));
        return left.length < 2 ? left : ordered(left);
    }

    /** {@return the candidates that may be taken, in no order of preference} */
    int[] narrow(int[] candidates) {
        return preferRecommended(best(candidates, pool));
    }

    /** {@return those of the best priority and, of each name, the best version, by name} */
    static int[] best(int[] candidates, Pool pool) {
        if (candidates.length < 2) {
            return candidates;
        }
        List<Candidate> left = preferred(candidates, pool);
        left = newest(left);
        return left.size() < 2 ? ids(left) : ids(notObsoleted(left));
    }

    private static List<Candidate> preferred(int[] candidates, Pool pool) {
        int priority = IntStream.of(candidates)
                .map(id -> pool.get(id).priority())
                .min()
                .orElseThrow();
        return IntStream.of(candidates)
                .mapToObj(pool::get)
                .filter(candidate -> candidate.priority() == priority)
                .toList();
    }

    private static List<Candidate> newest(List<Candidate> candidates) {
        List<Candidate> sorted = candidates.stream()
                .sorted(Comparator.comparing(Candidate::name).thenComparing(Candidate::id))
                .toList();
        List<Candidate> newest = new ArrayList<>();
        for (Candidate candidate : sorted) {
            int last = newest.size() - 1;
            if (last < 0 || !newest.get(last).name().equals(candidate.name())) {
                newest.add(candidate);
            } else if (newest.get(last).evr().compareTo(candidate.evr()) < 0) {
                newest.set(last, candidate);
            }
        }
        return newest;
    }

    /** Drops what another obsoletes, unless both obsolete each other, be it by way of others. */
    private static List<Candidate> notObsoleted(List<Candidate> candidates) {
        if (candidates.stream()
                .allMatch(candidate -> candidate.pkg().obsoletes().isEmpty())) {
            return candidates;
        }
        int size = candidates.size();
        boolean[][] reaches = new boolean[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                reaches[i][j] = i != j && candidates.get(i).obsoletes(candidates.get(j));
            }
        }
        for (int via = 0; via < size; via++) {
            for (int i = 0; i < size; i++) {
                for (int j = 0; reaches[i][via] && j < size; j++) {
                    reaches[i][j] |= reaches[via][j];
                }
            }
        }
        return IntStream.range(0, size)
                .filter(i -> IntStream.range(0, size).noneMatch(j -> reaches[j][i] && !reaches[i][j]))
                .mapToObj(candidates::get)
                .toList();
    }

    private int[] preferRecommended(int[] candidates) {
        if (candidates.length < 2) {
            return candidates;
        }
        int[] recommended = IntStream.of(candidates).filter(weak::isRecommended).toArray();
        return recommended.length == 0 ? candidates : recommended;
    }

    /** {@return all of some candidates in order of preference} */
    int[] ordered(int[] candidates) {
        List<Candidate> ordered =
                new ArrayList<>(IntStream.of(candidates).mapToObj(pool::get).toList());
        ordered.sort(Comparator.comparing(this::isOutdated)); // stable, as the others
        Map<Candidate, Integer> behind = behind(ordered);
        ordered.sort(Comparator.comparing(candidate -> behind.getOrDefault(candidate, 0)));
        ordered.sort(Comparator.comparing(candidate -> !weak.isSuggested(candidate.id())));
        return ids(ordered);
    }

    boolean isOutdated(Candidate candidate) {
        for (int id : pool.named(candidate.name())) {
            Candidate other = pool.get(id);
            if (id == candidate.id()
                    || !other.pkg()
                            .nevra()
                            .arch()
                            .equals(candidate.pkg().nevra().arch())) {
                continue;
            }
            if (other.priority() == candidate.priority()
                    ? other.evr().compareTo(candidate.evr()) > 0
                    : other.priority() < candidate.priority()) {
                return true;
            }
        }
        return false;
    }

    /** A version of a capability that a candidate provides. */
    private record Provided(Candidate by, Relation relation) {
        Evr evr() {
            return java.util.Objects.requireNonNull(relation.evr());
        }

        boolean isBelow() {
            return relation.comparison() == Comparison.LT;
        }

        private boolean hasRelease() {
            return !evr().release().isEmpty();
        }

        /** The higher version comes first, of equal ones that with a release, then the one that reaches it. */
        static int compare(Provided a, Provided b) {
            if (a.relation.equals(b.relation)) {
                return 0;
            }
            int order = Versions.compare(b.evr(), a.evr());
            if (order == 0) {
                order = Boolean.compare(b.hasRelease(), a.hasRelease());
            }
            return order != 0 ? order : Boolean.compare(a.isBelow(), b.isBelow());
        }

        /** Where only one side has a release, libsolv sorts but does not rank. */
        static boolean isHigher(Provided a, Provided b) {
            return compare(a, b) < 0 && (a.hasRelease() == b.hasRelease() || Versions.compare(a.evr(), b.evr()) != 0);
        }
    }

    /** Counts for each candidate how many versions of its capabilities are higher in other candidates. */
    private static Map<Candidate, Integer> behind(List<Candidate> candidates) {
        Map<String, List<Provided>> byName = new HashMap<>();
        for (Candidate candidate : candidates) {
            for (Relation provide : new LinkedHashSet<>(candidate.provides())) {
                if (isRanked(provide)) {
                    byName.computeIfAbsent(provide.name(), name -> new ArrayList<>())
                            .add(new Provided(candidate, provide));
                }
            }
        }
        Map<Candidate, Integer> behind = new HashMap<>();
        for (List<Provided> versions : byName.values()) {
            if (versions.size() > 1) {
                versions.sort(Provided::compare);
                int rank = 0;
                for (int i = 1; i < versions.size(); i++) {
                    Provided version = versions.get(i);
                    if (version.by().id() != versions.get(i - 1).by().id()
                            && Provided.isHigher(versions.get(i - 1), version)) {
                        rank++;
                    }
                    behind.merge(version.by(), rank, Integer::sum);
                }
            }
        }
        return behind;
    }

    /** Build ids and the like are provided "in a version" that is a digest and has no order. */
    private static boolean isRanked(Relation provide) {
        Comparison comparison = provide.comparison();
        if (comparison != Comparison.EQ) {
            return comparison == Comparison.LE || comparison == Comparison.LT;
        }
        String text = String.valueOf(provide.evr());
        return text.length() < DIGEST_LENGTH || !text.chars().allMatch(Policy::isHexDigit);
    }

    private static boolean isHexDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    private static int[] ids(List<Candidate> candidates) {
        return candidates.stream().mapToInt(Candidate::id).toArray();
    }
}
