package dev.twoliter.api.plan;

import dev.twoliter.api.TwoliterException;
import java.util.concurrent.CompletionStage;

/** A build that is running. Not for implementing by users. Thread-safe. */
public interface RunningBuild extends AutoCloseable {

    /**
     * Waits for the end. Interrupting the waiting does not end the build.
     *
     * @return what was made
     * @throws InterruptedException if this thread is interrupted while it waits
     * @throws TwoliterException what {@link BuildPlan#run()} would throw
     */
    BuildResult await() throws InterruptedException;

    /** Asks the build to stop, which takes two seconds at most. What is finished is kept. */
    void cancel();

    /** {@return the result to come} */
    CompletionStage<BuildResult> result();

    /** Cancels, unless the build has ended, and waits until nothing of it runs any more. */
    @Override
    void close();
}
