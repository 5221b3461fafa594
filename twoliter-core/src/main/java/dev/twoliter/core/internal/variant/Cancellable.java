package dev.twoliter.core.internal.variant;

import dev.twoliter.api.spi.StepScope;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Ends the reading of a large file when the build is cancelled. */
final class Cancellable extends FilterInputStream {

    private final StepScope scope;

    Cancellable(InputStream in, StepScope scope) {
        super(in);
        this.scope = scope;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        scope.cancellation().throwIfRequested();
        return super.read(buffer, offset, length);
    }
}
