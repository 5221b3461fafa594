package dev.twoliter.api.plan;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.BuildFailedException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The steps of a build: look at them, then {@link #run()}. Not for implementing by users. Thread-safe.
 */
public interface BuildPlan {

    /** {@return the steps in an order in which they could run one after the other} */
    List<Step> steps();

    /**
     * Runs what is not up to date, several steps at once, and waits.
     *
     * @return what was made
     * @throws BuildFailedException if a step fails; steps that do not need it have been run
     * @throws BuildCancelledException if this thread is interrupted; its interrupt flag is set again
     */
    default BuildResult run() {
        return run(options -> options);
    }

    /**
     * Like {@link #run()}, with options.
     *
     * @param options fills in the listener and the number of jobs
     * @return what was made
     */
    BuildResult run(UnaryOperator<RunOptions.Builder> options);

    /**
     * Starts the build and returns at once.
     *
     * @param options fills in the listener and the number of jobs
     * @return a handle on the build
     */
    RunningBuild start(UnaryOperator<RunOptions.Builder> options);
}
