package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Relation;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What the words of a request stand for, as {@code dnf install} reads them: packages in one of the {@link NameForm
 * forms}, else a capability or a path. For a plain name, packages that obsolete it are candidates too.
 */
final class Jobs {
    private Jobs() {}

    /**
     * {@return the candidates that a word stands for; none if nothing matches}
     *
     * @throws IllegalArgumentException if it can be neither a package nor a capability
     */
    static Job of(String wanted, Pool pool) {
        for (NameForm form : NameForm.values()) {
            if (!form.mayBe(wanted)) {
                continue;
            }
            int[] found = select(
                    pool, candidate -> form.texts(candidate.pkg().nevra()).contains(wanted));
            if (found.length > 0) {
                return new Job(wanted, form == NameForm.NAME ? withObsoleting(found, pool) : found);
            }
        }
        Relation relation = Relation.parse(wanted);
        int[] found = relation.isRich() ? new int[0] : pool.providers(relation);
        return new Job(
                wanted,
                IntStream.of(found).filter(id -> !pool.get(id).isExcluded()).toArray());
    }

    private static int[] select(Pool pool, Predicate<Candidate> matches) {
        return pool.all().stream()
                .filter(candidate -> !candidate.isExcluded() && matches.test(candidate))
                .mapToInt(Candidate::id)
                .toArray();
    }

    private static int[] withObsoleting(int[] found, Pool pool) {
        List<Candidate> named = IntStream.of(found).mapToObj(pool::get).toList();
        int[] obsoleting = select(pool, candidate -> named.stream().anyMatch(candidate::obsoletes));
        return IntStream.concat(IntStream.of(found), IntStream.of(obsoleting))
                .sorted()
                .distinct()
                .toArray();
    }
}
