package dev.twoliter.api.spi;

import java.nio.file.Path;

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

    /** {@return whether to stop} */
    CancellationToken cancellation();
}
