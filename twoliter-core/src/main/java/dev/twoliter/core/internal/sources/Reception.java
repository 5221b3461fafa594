package dev.twoliter.core.internal.sources;

import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.spi.CancellationToken;
import dev.twoliter.core.internal.io.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** Writes what comes in to a partial file, and hashes it on the way. Not thread-safe. */
final class Reception {

    private static final int BUFFER = 1 << 16;

    private final FileChannel channel;
    private final Path part;
    private final long maxSize;
    private final CancellationToken cancellation;
    private final LongConsumer progress;
    private final byte[] buffer = new byte[BUFFER];
    private MessageDigest sha512 = Hashing.newSha512();
    private long position;
    private long furthest;

    /**
     * Goes on with what is there.
     *
     * @param channel the partial file
     * @param part its name
     * @param maxSize how many bytes it may get
     * @param cancellation ends it
     * @param progress is told how many bytes there are
     * @throws IOException if what is there cannot be read
     */
    Reception(FileChannel channel, Path part, long maxSize, CancellationToken cancellation, LongConsumer progress)
            throws IOException {
        this.channel = channel;
        this.part = part;
        this.maxSize = maxSize;
        this.cancellation = cancellation;
        this.progress = progress;
        for (int n = channel.read(ByteBuffer.wrap(buffer), 0);
                n > 0;
                n = channel.read(ByteBuffer.wrap(buffer), position)) {
            cancellation.throwIfRequested();
            add(n);
        }
        furthest = position;
    }

    /** {@return how many bytes are there} */
    long position() {
        return position;
    }

    /** {@return how many bytes have been there at the same time} */
    long furthest() {
        return furthest;
    }

    /** {@return the digest of what is there} */
    Digest digest() {
        try {
            byte[] hash = ((MessageDigest) sha512.clone()).digest();
            return new Digest("sha512", HexFormat.of().formatHex(hash));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this JDK's SHA-512 cannot be asked in between", e);
        }
    }

    /** Forgets what is there. The file stays: whoever waits for our lock has this very one open. */
    void rewind() {
        try {
            channel.truncate(0);
        } catch (IOException e) {
            throw StorageException.of("write", part, e);
        }
        sha512 = Hashing.newSha512();
        position = 0;
    }

    /**
     * Takes a stream to its end.
     *
     * @throws IOException if the stream fails, or is too long
     * @throws StorageException if it cannot be written
     */
    void take(InputStream in) throws IOException {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            cancellation.throwIfRequested();
            if (position + n > maxSize) {
                rewind();
                throw tooLarge(maxSize);
            }
            write(ByteBuffer.wrap(buffer, 0, n));
            add(n);
            furthest = Math.max(furthest, position);
            progress.accept(position);
        }
    }

    static AnswerException tooLarge(long maxSize) {
        return new AnswerException("it is larger than " + maxSize + " bytes, which no source may be");
    }

    private void write(ByteBuffer bytes) throws ClosedByInterruptException {
        try {
            long at = position;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            throw StorageException.of("write", part, e);
        }
    }

    private void add(int n) {
        sha512.update(buffer, 0, n);
        position += n;
    }
}
