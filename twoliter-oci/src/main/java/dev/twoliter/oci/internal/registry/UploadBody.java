package dev.twoliter.oci.internal.registry;

import dev.twoliter.api.StorageException;
import dev.twoliter.oci.BlobSource;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.VerifyingStream;
import dev.twoliter.oci.internal.http.RequestBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/**
 * The rest of a blob as the body of a request. All of it is read, also what is there already: only so it can be verified.
 *
 * @param blob which
 * @param source its content
 * @param offset the first byte to send
 * @param reference the repository, for messages
 * @param progress is told how many of the blob's bytes are sent
 */
record UploadBody(Descriptor blob, BlobSource source, long offset, String reference, LongConsumer progress)
        implements RequestBody {

    private static final int BUFFER = 1 << 17;
    private static final long TELL_EVERY = 1 << 20;

    @Override
    public long length() {
        return blob.size() - offset;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        String subject = "the content for " + reference;
        try (InputStream in = new VerifyingStream(open(subject), blob, subject)) {
            byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(blob.size(), 1))];
            long position = 0;
            long told = 0;
            for (int n = read(in, buffer, subject); n >= 0; n = read(in, buffer, subject)) {
                if (position + n == blob.size()) {
                    // A source that is longer than it should be is found out before the upload is complete.
                    read(in, new byte[1], subject);
                }
                int skip = (int) Math.max(0, Math.min(n, offset - position));
                out.write(buffer, skip, n - skip);
                position += n;
                if (position - told >= TELL_EVERY && position > offset) {
                    progress.accept(position);
                    told = position;
                }
            }
        }
    }

    private InputStream open(String subject) {
        try {
            return source.open();
        } catch (IOException e) {
            throw StorageException.of("read", subject, e);
        }
    }

    /** Errors of the disk must not look like those of the network. */
    private static int read(InputStream in, byte[] buffer, String subject) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw StorageException.of("read", subject, e);
        }
    }
}
