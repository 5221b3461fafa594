package dev.twoliter.api.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a step may use while it runs. Thread-safe. */
public interface StepScope {

    /** {@return an empty directory for the results; moved into place when the step has succeeded, deleted otherwise} */
    Path output();

    /**
     * Tells the listener what is being done.
     *
     * @param message one line
     */
    void progress(String message);

    /**
     * Passes on a line that a tool printed.
     *
     * @param line the line, without its end
     */
    void output(String line);

    /**
     * Tells the listener something that does not stop the step.
     *
     * @param message one sentence
     */
    void warn(String message);

    /**
     * Tells the listener how far a transfer has got.
     *
     * @param what the repository and digest
     * @param bytes how many so far
     * @param total how many in all, -1 when unknown
     */
    void transfer(String what, long bytes, long total);

    /**
     * Tells the listener that a registry asked for credentials.
     *
     * @param registry the registry's host
     * @param repository the repository there
     * @param tried where they were looked for, in order, as far as it went; never a secret
     * @param found where they were found; empty if nowhere
     */
    void credentials(String registry, String repository, List<String> tried, Optional<String> found);

    /**
     * Tells the listener that the result was not made, but found.
     *
     * @param from where
     */
    void restored(String from);

    /** {@return whether to stop} */
    CancellationToken cancellation();
}
