package dev.twoliter.examples.cli;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/** Tells people how far work on many files has come: at most one line a second, none for what takes less. */
final class FileProgress {

    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final PrintStream err;
    private final boolean shown;
    private final String verb;
    private final int total;
    private int done;
    private long last = System.nanoTime();

    /**
     * Begins.
     *
     * @param shown whether to tell anything
     * @param verb what has happened to a file, such as {@code signed}
     */
    FileProgress(PrintStream err, boolean shown, String verb, int total) {
        this.err = err;
        this.shown = shown;
        this.verb = verb;
        this.total = total;
    }

    synchronized void oneMore() {
        done++;
        long now = System.nanoTime();
        if (shown && now - last >= INTERVAL) {
            last = now;
            err.println(verb + " " + done + " of " + total);
        }
    }
}
