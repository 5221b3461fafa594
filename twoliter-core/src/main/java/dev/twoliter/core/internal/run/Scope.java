package dev.twoliter.core.internal.run;

import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.event.StepId;
import dev.twoliter.api.spi.CancellationToken;
import dev.twoliter.api.spi.StepScope;
import java.nio.file.Path;
import java.time.Instant;

/** The scope of one running step. */
record Scope(StepId step, Path output, Events events, CancellationToken cancellation) implements StepScope {

    @Override
    public void progress(String message) {
        events.send(new BuildEvent.StepProgress(Instant.now(), step, message));
    }

    @Override
    public void output(String line) {
        events.send(new BuildEvent.StepOutput(Instant.now(), step, line));
    }

    @Override
    public void warn(String message) {
        events.send(new BuildEvent.Warning(Instant.now(), step, message));
    }

    @Override
    public void transfer(String what, long bytes, long total) {
        events.send(new BuildEvent.TransferProgress(Instant.now(), step, what, bytes, total));
    }
}
