package dev.twoliter.core.internal.run;

import dev.twoliter.api.VerificationException;
import dev.twoliter.api.event.StepId;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.StepRecord;
import dev.twoliter.core.internal.plan.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The outputs of the steps that are finished. Thread-safe. */
public final class Results {

    /**
     * The outputs of one step.
     *
     * @param target the directory they are in
     * @param record what they are
     */
    public record Result(Path target, StepRecord record) {

        /**
         * {@return the outputs with a given ending}
         *
         * @param ending such as {@code .rpm}
         */
        public List<StepRecord.Output> endingWith(String ending) {
            return record.outputs().stream()
                    .filter(output -> output.path().endsWith(ending) && !output.isLink())
                    .toList();
        }
    }

    private final Map<StepId, Result> results = new ConcurrentHashMap<>();

    /**
     * Reads what earlier runs left.
     *
     * @param tasks steps that are up to date
     * @param paths the project
     * @return their outputs
     */
    public static Results recorded(List<Task> tasks, ProjectPaths paths) {
        Results results = new Results();
        for (Task task : tasks) {
            StepRecord.read(paths.record(task.id())).ifPresent(r -> results.put(task.id(), task.target(), r));
        }
        return results;
    }

    void put(StepId id, Path target, StepRecord record) {
        results.put(id, new Result(target, record));
    }

    /**
     * {@return the outputs of a step}
     *
     * @param id a step that the asking one depends on
     */
    public Result of(StepId id) {
        Result result = results.get(id);
        if (result == null) {
            throw new IllegalStateException(id + " has not been run");
        }
        return result;
    }

    /**
     * Refuses a file that is not what its step made.
     *
     * @param file the file
     * @param recorded its recorded digest
     * @param actual its digest as read
     * @throws VerificationException if they differ
     */
    public static void requireSame(Path file, Object recorded, Object actual) {
        if (!recorded.equals(actual)) {
            throw VerificationException.digest(
                    file.toString(),
                    recorded,
                    actual,
                    "The file was changed after it was built: delete it and build again.");
        }
    }
}
