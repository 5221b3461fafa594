package dev.twoliter.api.plan;

import dev.twoliter.api.event.StepId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a build made, or found made already. Immutable, thread-safe.
 *
 * @param artifacts the files of every step of the plan, in step order
 * @param steps the steps, in step order
 */
public record BuildResult(List<Artifact> artifacts, List<StepResult> steps) {

    public BuildResult {
        artifacts = List.copyOf(artifacts);
        steps = List.copyOf(steps);
    }

    /**
     * One step.
     *
     * @param id its name
     * @param took how long it ran; zero when it was up to date
     * @param upToDate whether it had nothing to do
     */
    public record StepResult(StepId id, Duration took, boolean upToDate) {
        public StepResult {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(took, "took");
        }
    }

    /**
     * {@return the artefacts of one kind}
     *
     * @param kind which
     */
    public List<Artifact> artifacts(Artifact.Kind kind) {
        return artifacts.stream().filter(a -> a.kind() == kind).toList();
    }

    /** {@return the disk images} */
    public List<Artifact> images() {
        return artifacts(Artifact.Kind.IMAGE);
    }

    /** {@return the kit archives} */
    public List<Artifact> kits() {
        return artifacts(Artifact.Kind.KIT);
    }
}
