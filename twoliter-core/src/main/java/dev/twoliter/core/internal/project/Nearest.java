package dev.twoliter.core.internal.project;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Guesses what was meant by a misspelt word. */
public final class Nearest {

    private static final int LONGEST = 64;

    private Nearest() {}

    /**
     * {@return {@code did you mean 'X'?}, or an empty text when nothing is close}
     *
     * @param word what was written
     * @param known what could have been meant
     */
    public static String hint(String word, Collection<String> known) {
        return of(word, known).map(best -> "did you mean '" + best + "'?").orElse("");
    }

    /**
     * {@return the closest of some words; empty when none is close}
     *
     * @param word what was written
     * @param known what could have been meant
     */
    public static Optional<String> of(String word, Collection<String> known) {
        String best = null;
        int least = Integer.MAX_VALUE;
        String written = normal(word);
        for (String candidate : new TreeSet<>(known)) {
            int most = Math.max(1, candidate.length() / 3);
            if (Math.abs(candidate.length() - word.length()) > most) {
                continue;
            }
            int distance = distance(written, normal(candidate));
            if (distance < least && distance <= most) {
                least = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    private static String normal(String word) {
        return word.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Counts the insertions, deletions, replacements and swaps of neighbours between two words. */
    private static int distance(String a, String b) {
        if (a.length() > LONGEST || b.length() > LONGEST) {
            return Integer.MAX_VALUE;
        }
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
