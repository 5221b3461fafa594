package dev.twoliter.core.internal.run;

import dev.twoliter.api.spi.CancellationToken;
import dev.twoliter.api.spi.StepScope;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The scope of one running step. */
record Scope(Reporter reporter, Path output, CancellationToken cancellation) implements StepScope {

    @Override
    public void progress(String message) {
        reporter.progress(message);
    }

    @Override
    public void output(String line) {
        reporter.output(line);
    }

    @Override
    public void warn(String message) {
        reporter.warn(message);
    }

    @Override
    public void transfer(String what, long bytes, long total) {
        reporter.transfer(what, bytes, total);
    }

    @Override
    public void restored(String from) {
        reporter.restored(from);
    }

    @Override
    public void credentials(String registry, String repository, List<String> tried, Optional<String> found) {
        reporter.credentials(registry, repository, tried, found);
    }
}
