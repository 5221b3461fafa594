package dev.twoliter.core.internal.project;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import dev.twoliter.api.Problem.Severity;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong, so that one reading reports everything. Not thread-safe. */
final class Problems {

    /** Nobody reads more, and a hostile file could hold as many as it has bytes. */
    private static final int MOST = 1000;

    private final Set<Problem> found = new LinkedHashSet<>();
    private boolean errors;

    void add(Problem problem) {
        errors |= problem.severity() == Severity.ERROR;
        if (found.size() < MOST) {
            found.add(problem);
        }
    }

    void error(String file, String message, String hint) {
        add(new Problem(Severity.ERROR, file, 0, 0, "", message, hint));
    }

    void warning(String file, String message, String hint) {
        add(new Problem(Severity.WARNING, file, 0, 0, "", message, hint));
    }

    boolean hasErrors() {
        return errors;
    }

    /** {@return whether no more are collected} */
    boolean full() {
        return found.size() >= MOST;
    }

    /** {@return all, by file, line and column} */
    List<Problem> sorted() {
        return found.stream()
                .sorted(Comparator.comparing(Problem::file)
                        .thenComparingInt(Problem::line)
                        .thenComparingInt(Problem::column))
                .toList();
    }

    /** Ends the reading when there is an error. */
    void check() {
        if (hasErrors()) {
            throw new InvalidProjectException(sorted());
        }
    }
}
