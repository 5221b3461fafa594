package dev.twoliter.core.internal.run;

import dev.twoliter.api.Digest;
import dev.twoliter.api.spi.StepScope;
import dev.twoliter.core.internal.plan.Task;
import java.util.Map;

/** Does what a task says. Implementations are thread-safe. */
public interface TaskRunner {

    /**
     * Does the work of a task.
     *
     * @param task the task
     * @param scope where the results go and whom to tell
     * @param results what the tasks before it left
     * @return the digests of outputs that were hashed while they were written, by path relative to the output directory;
     *     the others are read once more
     * @throws InterruptedException if the build is cancelled
     */
    Map<String, Digest> run(Task task, StepScope scope, Results results) throws InterruptedException;

    /** Is called once, after every task has succeeded and while no other build of the project runs. */
    void finish();
}
