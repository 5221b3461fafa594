package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.spi.CancellationToken;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a blob, not verified: what the partial file has, then what the origin sends, which is added to the file
 * before it is handed out. A connection that breaks after it has brought something is made again. Not thread-safe.
 */
final class DownloadStream extends InputStream {

    /** How often a connection may break before it has brought anything. */
    private static final int ATTEMPTS = 3;

    private final Descriptor blob;
    private final Repository origin;
    private final FileChannel channel;
    private final Path part;
    private final CancellationToken cancellation;
    private final LongConsumer progress;
    private final long kept;
    private @Nullable InputStream connection;
    private long position;
    private int failures;

    DownloadStream(
            Descriptor blob,
            Repository origin,
            FileChannel channel,
            Path part,
            CancellationToken cancellation,
            LongConsumer progress)
            throws IOException {
        this.blob = blob;
        this.origin = origin;
        this.channel = channel;
        this.part = part;
        this.cancellation = cancellation;
        this.progress = progress;
        this.kept = channel.size();
    }

    /** {@return whether the beginning was there before} */
    boolean isResumed() {
        return kept > 0;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        cancellation.throwIfRequested();
        if (length == 0) {
            return 0;
        }
        try {
            int n = position < kept ? reread(buffer, offset, length) : pull(buffer, offset, length);
            if (n > 0) {
                position += n;
                progress.accept(position);
            }
            return n;
        } catch (ClosedByInterruptException e) {
            Thread.currentThread().interrupt();
            throw new BuildCancelledException("the download of " + blob.digest() + " was interrupted");
        } catch (IOException e) {
            throw StorageException.of("write", part, e);
        }
    }

    private int reread(byte[] buffer, int offset, int length) throws IOException {
        int n = channel.read(ByteBuffer.wrap(buffer, offset, (int) Math.min(length, kept - position)), position);
        if (n < 0) {
            throw new IOException("it became shorter while it was read");
        }
        return n;
    }

    /** One byte more than there should be is asked for, so that content that is too long is found out. */
    private int pull(byte[] buffer, int offset, int length) throws IOException {
        while (position < blob.size()) {
            int n = receive(buffer, offset, (int) Math.min(length, blob.size() - position + 1));
            if (n > 0) {
                failures = 0;
                append(ByteBuffer.wrap(buffer, offset, n));
                return n;
            }
        }
        return -1;
    }

    /** Less than 1: the connection broke, and another may be tried. */
    private int receive(byte[] buffer, int offset, int length) {
        IOException failure = null;
        try {
            if (connection == null) {
                connection = origin.blob(blob, position);
            }
            int n = connection.read(buffer, offset, length);
            if (n > 0) {
                return n;
            }
        } catch (ClosedByInterruptException e) {
            Thread.currentThread().interrupt();
            throw new BuildCancelledException("the download of " + blob.digest() + " was interrupted");
        } catch (IOException e) {
            // Not to be taken for an error of the disk.
            failure = e;
        }
        hangUp();
        if (++failures > ATTEMPTS) {
            throw broken(failure);
        }
        return -1;
    }

    private void append(ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    private RegistryException broken(@Nullable IOException failure) {
        String why = failure == null ? "the registry ended it" : String.valueOf(failure.getMessage());
        return new RegistryException(
                origin.reference(),
                origin.name(),
                0,
                true,
                "the download of " + origin.reference() + " " + blob.digest() + " broke off after " + position + " of "
                        + blob.size() + " bytes: " + why,
                "Run it again: it goes on from there.",
                failure);
    }

    private void hangUp() {
        InputStream old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                // It is broken, or no longer needed.
                return;
            }
        }
    }

    @Override
    public void close() {
        hangUp();
    }
}
