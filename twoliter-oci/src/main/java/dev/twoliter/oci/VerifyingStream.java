package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import dev.twoliter.api.VerificationException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Passes content on while checking it. The last of the expected bytes is handed out only when the digest is right, so
 * that whoever reads all he expects has good content; reading on, or a premature end, throws {@link
 * VerificationException} as well. Once it has thrown it always throws. Not thread-safe.
 */
public final class VerifyingStream extends InputStream {

    private final InputStream in;
    private final Descriptor expected;
    private final String subject;
    private final MessageDigest sha256 = Digest.newSha256();
    private long count;
    private boolean good;
    private @Nullable VerificationException failure;

    /**
     * Wraps a stream.
     *
     * @param in the content
     * @param expected its size and SHA-256
     * @param subject what is read and from where, for messages
     */
    public VerifyingStream(InputStream in, Descriptor expected, String subject) {
        this.in = in;
        this.expected = expected;
        this.subject = subject;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        int n = in.read(buffer, offset, length);
        if (n > 0) {
            count += n;
            sha256.update(buffer, offset, n);
        }
        if (count > expected.size()) {
            throw bad("it is longer than the " + expected.size() + " bytes it should have");
        }
        if (count == expected.size() && !good) {
            Digest actual = Digest.ofSha256Hash(sha256.digest());
            if (!actual.equals(expected.digest())) {
                throw bad("its content has digest " + actual);
            }
            good = true;
        }
        if (n < 0 && !good) {
            throw bad("it ends after " + count + " of " + expected.size() + " bytes");
        }
        return n;
    }

    private VerificationException bad(String why) {
        failure = new VerificationException(
                subject + " " + expected.digest(),
                why,
                "The store is damaged or was tampered with: publish the image anew, or use another copy.");
        return failure;
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
