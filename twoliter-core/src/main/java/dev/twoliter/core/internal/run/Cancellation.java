package dev.twoliter.core.internal.run;

import dev.twoliter.api.spi.CancellationToken;

/** A token that can be set. Thread-safe. */
final class Cancellation implements CancellationToken {

    private volatile boolean requested;

    void request() {
        requested = true;
    }

    @Override
    public boolean isCancellationRequested() {
        return requested || Thread.currentThread().isInterrupted();
    }
}
