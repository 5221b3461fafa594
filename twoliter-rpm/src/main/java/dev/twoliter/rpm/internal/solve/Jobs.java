package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Relation;
import java.util.ArrayList;
import java.util.List;
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
        List<Candidate> maybe = startingWord(wanted, pool);
        for (NameForm form : NameForm.values()) {
            int[] found = maybe.stream()
                    .filter(candidate -> form.texts(candidate.pkg().nevra()).contains(wanted))
                    .mapToInt(Candidate::id)
                    .sorted()
                    .toArray();
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

    /** The packages whose name a word is, or begins with. */
    private static List<Candidate> startingWord(String word, Pool pool) {
        List<Candidate> found = new ArrayList<>();
        for (int end = 1; end <= word.length(); end++) {
            if (end == word.length() || word.charAt(end) == '-' || word.charAt(end) == '.') {
                for (int id : pool.named(word.substring(0, end))) {
                    if (!pool.get(id).isExcluded()) {
                        found.add(pool.get(id));
                    }
                }
            }
        }
        return found;
    }

    private static int[] withObsoleting(int[] found, Pool pool) {
        IntList all = new IntList(found);
        for (Candidate candidate : pool.obsoleting()) {
            for (int id : found) {
                if (!candidate.isExcluded() && candidate.obsoletes(pool.get(id))) {
                    all.addNew(candidate.id());
                }
            }
        }
        return IntStream.of(all.toArray()).sorted().toArray();
    }
}
