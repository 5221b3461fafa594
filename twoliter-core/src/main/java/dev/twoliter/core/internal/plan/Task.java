package dev.twoliter.core.internal.plan;

import dev.twoliter.api.event.StepId;
import dev.twoliter.api.plan.Step;
import java.nio.file.Path;

/**
 * A step of a plan with what it does. Immutable, thread-safe.
 *
 * @param step what the user sees
 * @param inputs what its result depends on
 * @param target the directory that its outputs end up in
 * @param work what it does
 */
public record Task(Step step, Inputs inputs, Path target, Work work) {

    /** {@return its name} */
    public StepId id() {
        return step.id();
    }
}
