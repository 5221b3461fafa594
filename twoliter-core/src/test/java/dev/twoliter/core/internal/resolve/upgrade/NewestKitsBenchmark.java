package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.api.ResolutionException;
import java.util.Locale;
import java.util.Optional;

/** Prints how long {@link LargeRegistries} take: the search alone, and with the reasons. Metadata is read from memory. */
public final class NewestKitsBenchmark {

    private static final int ROUNDS = 3;

    private NewestKitsBenchmark() {}

    /** Runs it; takes no arguments. */
    public static void main(String... arguments) {
        System.out.printf(
                Locale.ROOT,
                "%-52s %-8s %10s %10s %10s %8s%n",
                "registry",
                "outcome",
                "search",
                "reasons",
                "conflicts",
                "reads");
        LargeRegistries.all().forEach(NewestKitsBenchmark::measure);
        LargeRegistries.beyond().forEach(NewestKitsBenchmark::measure);
    }

    private static void measure(String name, LargeRegistries.Large large) {
        double least = Double.MAX_VALUE;
        double all = Double.MAX_VALUE;
        String outcome = "";
        int conflicts = 0;
        for (int round = 0; round < ROUNDS; round++) {
            large.shelf().reads.clear();
            long start = System.nanoTime();
            Search search = new Search(large.wanted(), Optional.empty(), large.shelf(), Integer.MAX_VALUE);
            outcome = search.run() instanceof Search.Found ? "solved" : "refuted";
            conflicts = search.conflicts();
            least = Math.min(least, seconds(start));
            int reads = large.shelf().reads.size();
            start = System.nanoTime();
            try {
                NewestKits.find(large.wanted(), Optional.empty(), large.shelf());
            } catch (ResolutionException e) {
                // That there is none is an outcome too.
                outcome = "refuted";
            }
            all = Math.min(all, seconds(start));
            large.shelf().reads.subList(reads, large.shelf().reads.size()).clear();
        }
        System.out.printf(
                Locale.ROOT,
                "%-52s %-8s %8.3f s %8.3f s %10d %8d%n",
                name,
                outcome,
                least,
                Math.max(0, all - least),
                conflicts,
                large.shelf().reads.size());
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
