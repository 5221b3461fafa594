package dev.twoliter.api.plan;

import dev.twoliter.api.event.StepId;
import java.util.List;
import java.util.Objects;

/**
 * One step of a plan. Immutable, thread-safe.
 *
 * @param id its name
 * @param dependsOn the steps that must have succeeded before
 * @param inputHash SHA-256, in hexadecimal, of everything that its result depends on
 * @param upToDate whether its result is there and made from these inputs
 * @param because why it is not up to date, one sentence; empty when it is
 */
public record Step(StepId id, List<StepId> dependsOn, String inputHash, boolean upToDate, String because) {
    public Step {
        Objects.requireNonNull(id, "id");
        dependsOn = List.copyOf(dependsOn);
        Objects.requireNonNull(inputHash, "inputHash");
        Objects.requireNonNull(because, "because");
    }
}
