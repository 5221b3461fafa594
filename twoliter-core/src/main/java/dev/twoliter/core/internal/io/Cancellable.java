package dev.twoliter.core.internal.io;

import dev.twoliter.api.spi.CancellationToken;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Ends the reading of a large file or of a download when the build is cancelled. Not thread-safe. */
public final class Cancellable extends FilterInputStream {

    private final CancellationToken cancellation;

    /**
     * Wraps a stream.
     *
     * @param in the stream
     * @param cancellation tells whether to stop
     */
    public Cancellable(InputStream in, CancellationToken cancellation) {
        super(in);
        this.cancellation = cancellation;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        cancellation.throwIfRequested();
        return super.read(buffer, offset, length);
    }
}
