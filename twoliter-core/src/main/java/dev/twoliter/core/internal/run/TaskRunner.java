package dev.twoliter.core.internal.run;

import dev.twoliter.api.spi.StepScope;
import dev.twoliter.core.internal.plan.Task;

/** Does what a task says. Implementations are thread-safe. */
public interface TaskRunner {

    /**
     * Does the work of a task.
     *
     * @param task the task
     * @param scope where the results go and whom to tell
     * @param results what the tasks before it left
     * @throws InterruptedException if the build is cancelled
     */
    void run(Task task, StepScope scope, Results results) throws InterruptedException;

    /** Is called once, after every task has succeeded and while no other build of the project runs. */
    void finish();
}
