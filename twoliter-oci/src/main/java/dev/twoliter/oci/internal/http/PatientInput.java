package dev.twoliter.oci.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Reads from a connection as long as something comes: at least {@value #ENOUGH} bytes within the patience, of which only
 * the time that is spent waiting counts. The connection's own read timeout sees that no single read lasts longer; it
 * alone would let a server hold us with a byte a minute. Not thread-safe.
 */
final class PatientInput extends InputStream {

    private static final int ENOUGH = 1024;

    private final InputStream in;
    private long patienceNanos = Long.MAX_VALUE;
    private long waited;
    private long received;

    PatientInput(InputStream in) {
        this.in = in;
    }

    void patience(Duration patience) {
        patienceNanos = patience.toNanos();
        waited = 0;
        received = 0;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        long start = System.nanoTime();
        int n = in.read(buffer, offset, length);
        waited += System.nanoTime() - start;
        received += Math.max(n, 0);
        if (received >= ENOUGH) {
            waited = 0;
            received = 0;
        } else if (waited > patienceNanos) {
            throw new SocketTimeoutException("next to nothing came in " + patienceNanos / 1_000_000_000 + " s");
        }
        return n;
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }
}
