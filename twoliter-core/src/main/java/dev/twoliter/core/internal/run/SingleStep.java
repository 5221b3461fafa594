package dev.twoliter.core.internal.run;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.event.StepId;
import dev.twoliter.api.plan.RunOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** Work of one step on the caller's thread, with the events that a build has. */
public final class SingleStep {

    private SingleStep() {}

    /**
     * Does the work.
     *
     * @param <T> its result
     * @param options who is told
     * @param step its name
     * @param because why it is done
     * @param work the work
     * @return its result
     */
    public static <T> T run(RunOptions options, StepId step, String because, Function<Reporter, T> work) {
        Events events = new Events(options.listener());
        Instant start = Instant.now();
        events.send(new BuildEvent.BuildStarted(start, List.of(step)));
        events.send(new BuildEvent.StepStarted(start, step, because));
        boolean success = false;
        try {
            T result = work.apply(new Reporter(events, step));
            success = true;
            events.send(new BuildEvent.StepFinished(Instant.now(), step, Duration.between(start, Instant.now())));
            return result;
        } catch (RuntimeException e) {
            events.send(new BuildEvent.StepFailed(Instant.now(), step, String.valueOf(e.getMessage())));
            throw e;
        } finally {
            events.send(new BuildEvent.BuildFinished(Instant.now(), success, Duration.between(start, Instant.now())));
        }
    }

    /**
     * Like {@link #run}, while no build of the project runs.
     *
     * @param <T> its result
     * @param lockFile the project's build lock
     * @param options who is told
     * @param step its name
     * @param because why it is done
     * @param work the work
     * @return its result
     */
    @SuppressWarnings("try") // the lock is held, not used
    public static <T> T runLocked(
            Path lockFile, RunOptions options, StepId step, String because, Function<Reporter, T> work) {
        return run(options, step, because, reporter -> {
            try (BuildLock lock = BuildLock.acquire(
                    lockFile, () -> false, () -> reporter.warn("a build of this project is running; waiting for it"))) {
                return work.apply(reporter);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BuildCancelledException("the wait for another build was interrupted");
            }
        });
    }
}
