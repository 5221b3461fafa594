package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.FormatException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Decompressed metadata that may not be longer than it claims, and damage in it reported as such. */
final class Bounded extends FilterInputStream {
    private static final long MAX_OPEN_SIZE = 4L << 30;

    private final String subject;
    private long left;

    Bounded(InputStream in, long claimed, String subject) {
        super(in);
        this.left = claimed < 0 ? MAX_OPEN_SIZE : Math.min(claimed, MAX_OPEN_SIZE);
        this.subject = subject;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n;
        try {
            n = in.read(buffer, offset, length);
        } catch (IOException e) {
            throw new FormatException(subject, "it cannot be decompressed: " + e.getMessage(), "", e);
        }
        left -= Math.max(n, 0);
        if (left < 0) {
            throw new FormatException(subject, "it is longer than it claims to be when decompressed");
        }
        return n;
    }
}
