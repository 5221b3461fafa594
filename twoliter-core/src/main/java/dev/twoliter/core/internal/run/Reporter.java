package dev.twoliter.core.internal.run;

import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.event.StepId;
import dev.twoliter.core.internal.resolve.RegistryReport;
import dev.twoliter.oci.StoreListener;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Tells what a step is doing. Thread-safe.
 *
 * @param events who is told
 * @param step the step
 */
public record Reporter(Events events, StepId step) {

    /** Tells what is being done. */
    public void progress(String message) {
        events.send(new BuildEvent.StepProgress(Instant.now(), step, message));
    }

    /** Tells something that does not stop the step. */
    public void warn(String message) {
        events.send(new BuildEvent.Warning(Instant.now(), step, message));
    }

    void restored(String from) {
        events.send(new BuildEvent.StepRestored(Instant.now(), step, from));
    }

    /** Passes on a line that a tool printed. */
    public void output(String line) {
        events.send(new BuildEvent.StepOutput(Instant.now(), step, line));
    }

    /** {@return a listener that tells the step what happens between us and registries} */
    public StoreListener registries() {
        return new RegistryReport(this::progress, this::warn, this::transfer, this::credentials);
    }

    /** Tells where credentials were looked for. */
    public void credentials(String registry, String repository, List<String> tried, Optional<String> found) {
        events.send(new BuildEvent.CredentialsResolved(Instant.now(), step, registry, repository, tried, found));
    }

    /** Tells how far a transfer has got. */
    public void transfer(String what, long bytes, long total) {
        events.send(new BuildEvent.TransferProgress(Instant.now(), step, what, bytes, total));
    }
}
