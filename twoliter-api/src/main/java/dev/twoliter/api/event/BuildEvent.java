package dev.twoliter.api.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that happened in a build, a fetch or a publication. Events hold no live objects, so they can be kept and
 * written down. New kinds will be added: keep a default branch.
 */
public sealed interface BuildEvent {

    /** {@return when it happened} */
    Instant at();

    /**
     * Work began.
     *
     * @param at when
     * @param steps the steps that there will be, in an order in which they could run
     */
    record BuildStarted(Instant at, List<StepId> steps) implements BuildEvent {
        public BuildStarted {
            Objects.requireNonNull(at, "at");
            steps = List.copyOf(steps);
        }
    }

    /**
     * A step began.
     *
     * @param at when
     * @param step which
     * @param because why it is not up to date, one sentence
     */
    record StepStarted(Instant at, StepId step, String because) implements BuildEvent {}

    /**
     * A step has got further.
     *
     * @param at when
     * @param step which
     * @param message what it is doing now
     */
    record StepProgress(Instant at, StepId step, String message) implements BuildEvent {}

    /**
     * A step printed a line.
     *
     * @param at when
     * @param step which
     * @param line the line, without its end
     */
    record StepOutput(Instant at, StepId step, String line) implements BuildEvent {}

    /**
     * A step succeeded.
     *
     * @param at when
     * @param step which
     * @param took how long it ran
     */
    record StepFinished(Instant at, StepId step, Duration took) implements BuildEvent {}

    /**
     * A step was not run, because its finished result was found in the cache; {@link StepFinished} follows.
     *
     * @param at when
     * @param step which
     * @param from the cache
     */
    record StepRestored(Instant at, StepId step, String from) implements BuildEvent {}

    /**
     * A step had nothing to do.
     *
     * @param at when
     * @param step which
     */
    record StepSkipped(Instant at, StepId step) implements BuildEvent {}

    /**
     * A step failed, or was given up because another one did.
     *
     * @param at when
     * @param step which
     * @param message what went wrong
     */
    record StepFailed(Instant at, StepId step, String message) implements BuildEvent {}

    /**
     * Bytes moved between this machine and a registry.
     *
     * @param at when
     * @param step in which step
     * @param what the repository and digest
     * @param bytes how many so far
     * @param total how many in all, -1 when unknown
     */
    record TransferProgress(Instant at, StepId step, String what, long bytes, long total) implements BuildEvent {}

    /**
     * A registry asked for credentials, and they were looked for. Never holds a secret.
     *
     * @param at when
     * @param step in which step
     * @param registry the registry's host
     * @param repository the repository there
     * @param tried where they were looked for, in order, as far as it went
     * @param found where they were found; empty if nowhere
     */
    record CredentialsResolved(
            Instant at, StepId step, String registry, String repository, List<String> tried, Optional<String> found)
            implements BuildEvent {
        public CredentialsResolved {
            tried = List.copyOf(tried);
        }
    }

    /**
     * Something the user should know that does not stop the work.
     *
     * @param at when
     * @param step in which step
     * @param message one sentence
     */
    record Warning(Instant at, StepId step, String message) implements BuildEvent {}

    /**
     * Work ended.
     *
     * @param at when
     * @param success whether everything that was asked for is there
     * @param took how long it took
     */
    record BuildFinished(Instant at, boolean success, Duration took) implements BuildEvent {}
}
