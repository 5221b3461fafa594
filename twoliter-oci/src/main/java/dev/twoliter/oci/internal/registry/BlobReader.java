package dev.twoliter.oci.internal.registry;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.Digest;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.internal.http.Headers;
import dev.twoliter.oci.internal.http.ProtocolException;
import dev.twoliter.oci.internal.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A blob from an offset to its end. Where the connection is cut it goes on from the last byte, at the next mirror or at
 * the registry. A shorter blob than the descriptor says ends early: whoever reads verifies. Not thread-safe.
 */
final class BlobReader extends InputStream {

    private static final int NOTHING_LEFT = 416;

    private final Descriptor blob;
    private final Sources sources;
    private final Retries retries;
    private final String reference;
    private final String action;
    private final Retries.Tries tries = new Retries.Tries();

    /** Of what a mirror has sent from the first byte on; null when there is nothing to find out. */
    private @Nullable MessageDigest fromMirror;

    private @Nullable Response response;
    private Remote remote;
    private long position;
    private int emptyAnswers;
    private boolean ended;
    private boolean closed;

    private BlobReader(Descriptor blob, long offset, Sources sources, Retries retries, String reference) {
        this.blob = blob;
        this.position = offset;
        this.sources = sources;
        this.retries = retries;
        this.reference = reference;
        this.action = "read blob " + blob.digest();
        this.remote = sources.origin();
    }

    /** Opens a blob; fails now if there is none. */
    static BlobReader open(Descriptor blob, long offset, Sources sources, Retries retries, String reference) {
        BlobReader reader = new BlobReader(blob, offset, sources, retries, reference);
        reader.connect();
        if (offset == 0 && reader.remote != sources.origin()) {
            reader.fromMirror = Digest.newSha256();
        }
        return reader;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("the blob is closed");
        }
        while (!ended) {
            Response from = response;
            if (from == null) {
                connect();
                continue;
            }
            try {
                int n = from.body().read(buffer, offset, length);
                if (n >= 0) {
                    got(buffer, offset, n);
                    return n;
                }
                disconnect();
                // Whoever is told of an end twice in a row at the same byte has got all there is.
                ended = position >= blob.size() || ++emptyAnswers > 1;
            } catch (IOException e) {
                disconnect();
                failed(e);
            }
        }
        return -1;
    }

    private void got(byte[] buffer, int offset, int n) {
        position += n;
        if (n > 0) {
            tries.gotFurther();
            emptyAnswers = 0;
        }
        if (fromMirror != null) {
            fromMirror.update(buffer, offset, n);
            if (position == blob.size()
                    && !Digest.ofSha256Hash(fromMirror.digest()).equals(blob.digest())) {
                sources.skip(remote, "it has another content for " + blob.digest());
                fromMirror = null;
            }
        }
    }

    private void connect() {
        while (response == null && !ended) {
            try {
                Optional<Remote> mirror = sources.mirror();
                remote = mirror.orElse(sources.origin());
                if (mirror.isPresent()) {
                    fromMirror(mirror.get());
                } else {
                    response =
                            request(remote).orElseThrow(() -> remote.failures().missing(action, "blob"));
                }
            } catch (StatusException e) {
                if (e.status() == NOTHING_LEFT) {
                    ended = true;
                } else {
                    failed(e);
                }
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    /** Asks a mirror once: there is always another one to ask. */
    private void fromMirror(Remote mirror) {
        try {
            Optional<Response> answer = request(mirror);
            if (answer.isPresent()) {
                response = answer.get();
            } else {
                sources.lacksIt(mirror);
            }
        } catch (IOException e) {
            sources.skip(mirror, Failures.reason(e));
        }
    }

    private void failed(IOException failure) {
        if (remote != sources.origin()) {
            sources.skip(remote, Failures.reason(failure));
            return;
        }
        try {
            retries.pause(tries, remote.server(), reference, action, failure);
        } catch (IOException e) {
            throw remote.failures().of(action, position == 0 || e instanceof StatusException ? e : brokenOff(e));
        } catch (BuildCancelledException e) {
            close();
            throw e;
        }
    }

    private IOException brokenOff(IOException cause) {
        return new IOException(
                "it broke off after " + position + " of " + blob.size() + " bytes: " + Failures.reason(cause), cause);
    }

    private Optional<Response> request(Remote from) throws IOException {
        Headers headers = new Headers();
        if (position > 0) {
            headers.add("Range", "bytes=" + position + "-");
        }
        Optional<Response> answer = from.get("blobs/" + blob.digest(), headers);
        if (answer.isPresent()) {
            try {
                goTo(position, answer.get());
            } catch (IOException e) {
                answer.get().close();
                throw e;
            }
        }
        return answer;
    }

    /** Goes to the offset in whatever was sent: the range, or the whole. */
    private static void goTo(long offset, Response response) throws IOException {
        String range = response.headers().first("Content-Range").orElse("");
        if (response.status() != 206) {
            skip(offset, response.body());
        } else if (!range.startsWith("bytes " + offset + "-")) {
            throw new ProtocolException("asked for the bytes from " + offset + ", the registry sent '"
                    + range.replaceAll("[^\\x20-\\x7e]", "?") + "'");
        }
    }

    /** A whole that ends sooner is left at its end. */
    private static void skip(long count, InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 14];
        long left = count;
        while (left > 0) {
            int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                return;
            }
            left -= n;
        }
    }

    private void disconnect() {
        if (response != null) {
            response.close();
            response = null;
        }
    }

    @Override
    public void close() {
        closed = true;
        disconnect();
    }
}
