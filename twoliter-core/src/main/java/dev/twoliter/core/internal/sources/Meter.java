package dev.twoliter.core.internal.sources;

/** Tells how far a download has got, ten times a second at most, and its end. Not thread-safe. */
final class Meter {

    private static final long INTERVAL_NANOS = 100_000_000;

    private final String what;
    private final SourceReport.Transfers transfers;
    private long total = -1;
    private long bytes;
    private long told = System.nanoTime();
    private boolean begun;

    Meter(String what, SourceReport.Transfers transfers) {
        this.what = what;
        this.transfers = transfers;
    }

    /** Sets how many bytes there will be, -1 when unknown. */
    void total(long value) {
        total = value;
    }

    void at(long position) {
        bytes = position;
        long now = System.nanoTime();
        if (!begun || now - told >= INTERVAL_NANOS) {
            begun = true;
            told = now;
            transfers.tell(what, bytes, Math.max(total, -1));
        }
    }

    /** Tells the end, also that of a download which failed: nothing more will come. */
    void end() {
        if (begun) {
            transfers.tell(what, bytes, bytes);
        }
    }
}
