package dev.twoliter.examples.cli;

import dev.twoliter.rpm.repo.RepoProgress;
import java.io.PrintStream;

/** Tells people how far long work on many packages has got: a line a second, none for what takes less. Not thread-safe. */
final class PackageCount implements RepoProgress {

    private static final long SECOND = 1_000_000_000;

    private final PrintStream err;
    private final String doing;
    private long told = System.nanoTime();

    PackageCount(PrintStream err, String doing) {
        this.err = err;
        this.doing = doing;
    }

    @Override
    public void onPackage(int done, int total) {
        long now = System.nanoTime();
        if (now - told >= SECOND) {
            told = now;
            err.println(doing + " " + done + " of " + total + " packages");
        }
    }
}
