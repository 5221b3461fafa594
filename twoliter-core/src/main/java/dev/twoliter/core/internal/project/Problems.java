package dev.twoliter.core.internal.project;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import dev.twoliter.api.Problem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, so that one reading reports everything. Not thread-safe. */
final class Problems {

    private final List<Problem> found = new ArrayList<>();

    void add(Problem problem) {
        if (!found.contains(problem)) {
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
        return found.stream().anyMatch(p -> p.severity() == Severity.ERROR);
    }

    /** {@return all, by file and line} */
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
