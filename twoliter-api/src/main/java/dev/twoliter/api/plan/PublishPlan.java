package dev.twoliter.api.plan;

import dev.twoliter.api.ImageRef;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** What would be pushed where: look at it, then {@link #run()}. Not for implementing by users. Thread-safe. */
public interface PublishPlan {

    /**
     * One thing that would be pushed. Immutable, thread-safe.
     *
     * @param what in words, such as {@code image for x86_64}
     * @param reference where
     */
    record Push(String what, ImageRef reference) {
        public Push {
            Objects.requireNonNull(what, "what");
            Objects.requireNonNull(reference, "reference");
        }
    }

    /** {@return what would be pushed, in order} */
    List<Push> steps();

    /**
     * Pushes everything and reads the digests back.
     *
     * @return what was published
     */
    default PublishResult run() {
        return run(options -> options);
    }

    /**
     * Like {@link #run()}, with options.
     *
     * @param options fills in the listener and the number of jobs
     * @return what was published
     */
    PublishResult run(UnaryOperator<RunOptions.Builder> options);
}
