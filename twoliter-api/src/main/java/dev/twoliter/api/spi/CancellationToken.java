package dev.twoliter.api.spi;

import dev.twoliter.api.BuildCancelledException;

/** Tells a step whether it should stop. Thread-safe. */
public interface CancellationToken {

    /** {@return whether the build is being cancelled} */
    boolean isCancellationRequested();

    /**
     * Ends the step if the build is being cancelled.
     *
     * @throws BuildCancelledException if so
     */
    default void throwIfRequested() {
        if (isCancellationRequested()) {
            throw new BuildCancelledException("the build was cancelled");
        }
    }
}
