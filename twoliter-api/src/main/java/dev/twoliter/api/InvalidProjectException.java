package dev.twoliter.api;

import java.util.List;
import java.util.stream.Collectors;

/** A project file or a specification is wrong. It carries every problem found, not only the first. */
public final class InvalidProjectException extends TwoliterException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * Reports problems.
     *
     * @param problems at least one; warnings may be among them
     */
    public InvalidProjectException(List<Problem> problems) {
        super("invalid-project", describe(problems), "", null);
        this.problems = List.copyOf(problems);
    }

    private static String describe(List<Problem> problems) {
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("problems must not be empty");
        }
        return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }

    /** {@return all problems, in the order of files and lines; never empty} */
    public List<Problem> problems() {
        return problems;
    }
}
