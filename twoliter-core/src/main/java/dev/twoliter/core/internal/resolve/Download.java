package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.Digest;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.api.spi.CancellationToken;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/**
 * One download into the cache. It is written to {@code HEX.part}, which stays when the download is cut short, and the
 * next one goes on from its last byte; only the whole, once its digest is right, gets the name {@code HEX}. The partial
 * file is locked, so several threads and processes that want one blob wait for one of them. Used once.
 */
final class Download {

    /** A process loses its lock of a file when it closes any channel to it: so one thread at a time has one open. */
    private static final Set<Path> BUSY = ConcurrentHashMap.newKeySet();

    private static final int BUFFER = 1 << 16;
    private static final long POLL_MILLIS = 50;

    /** How often a connection may break before it has brought anything. */
    private static final int ATTEMPTS = 3;

    private final Descriptor blob;
    private final Repository origin;
    private final Path file;
    private final Path part;
    private final CancellationToken cancellation;
    private final LongConsumer progress;

    Download(Descriptor blob, Repository origin, Path file, CancellationToken cancellation, LongConsumer progress) {
        this.blob = blob;
        this.origin = origin;
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        this.cancellation = cancellation;
        this.progress = progress;
    }

    /** Downloads, or waits for whoever does; the file is there afterwards. */
    void run() {
        Path mine = part.toAbsolutePath();
        try {
            while (!BUSY.add(mine)) {
                cancellation.throwIfRequested();
                Thread.sleep(POLL_MILLIS);
            }
            try {
                runAlone();
            } finally {
                BUSY.remove(mine);
            }
        } catch (InterruptedException | ClosedByInterruptException e) {
            Thread.currentThread().interrupt();
            throw new BuildCancelledException("the download of " + blob.digest() + " was interrupted");
        } catch (IOException e) {
            throw StorageException.of("write", part, e);
        }
    }

    private void runAlone() throws IOException, InterruptedException {
        Files.createDirectories(Objects.requireNonNull(part.getParent()));
        while (!Files.isRegularFile(file)) {
            try (FileChannel channel = FileChannel.open(
                            part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    FileLock lock = acquire(channel)) {
                Objects.requireNonNull(lock);
                if (isStill(channel)) {
                    fill(channel);
                    AtomicFiles.rename(part, file);
                }
            }
        }
    }

    private FileLock acquire(FileChannel channel) throws IOException, InterruptedException {
        while (true) {
            FileLock lock = tryLock(channel);
            if (lock != null) {
                return lock;
            }
            cancellation.throwIfRequested();
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Where this class is loaded twice, the file system's locks collide instead of waiting. */
    private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Whether what we have locked still has its name: another process may have completed it while we waited. */
    private boolean isStill(FileChannel channel) throws IOException {
        if (Files.isRegularFile(file)) {
            return false;
        }
        try {
            return Files.readAttributes(part, BasicFileAttributes.class).size() == channel.size();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void fill(FileChannel channel) throws IOException {
        MessageDigest sha256 = Digest.newSha256();
        long have = hash(channel, sha256);
        boolean resumed = have > 0;
        have = append(channel, have, sha256);
        Digest actual = Digest.ofSha256Hash(sha256.digest());
        if (resumed && !actual.equals(blob.digest())) {
            // The beginning was damaged on this disk, or is of a time when the registry sent something else.
            channel.truncate(0);
            sha256 = Digest.newSha256();
            have = append(channel, 0, sha256);
            actual = Digest.ofSha256Hash(sha256.digest());
        }
        if (!actual.equals(blob.digest())) {
            // Not deleted: whoever waits for our lock has this very file open.
            channel.truncate(0);
            throw VerificationException.digest(
                    origin.reference() + " " + blob.digest() + " (" + have + " bytes)",
                    blob.digest(),
                    actual,
                    "The store is damaged or was tampered with: publish the image anew, or use another copy.");
        }
    }

    /** Hashes what is there; what cannot be the beginning is thrown away. */
    private long hash(FileChannel channel, MessageDigest sha256) throws IOException {
        if (channel.size() > blob.size()) {
            channel.truncate(0);
        }
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        channel.position(0);
        while (channel.read(buffer) >= 0) {
            cancellation.throwIfRequested();
            buffer.flip();
            sha256.update(buffer);
            buffer.clear();
        }
        return channel.size();
    }

    /** Pulls the rest; a connection that breaks after it has brought something is made again. */
    private long append(FileChannel channel, long from, MessageDigest sha256) throws IOException {
        long have = from;
        int failures = 0;
        progress.accept(have);
        while (have < blob.size()) {
            long before = have;
            IOException failure = null;
            try (InputStream in = origin.blob(blob, have)) {
                byte[] buffer = new byte[BUFFER];
                for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
                    if (n > blob.size() - have) {
                        throw new VerificationException(
                                origin.reference() + " " + blob.digest(),
                                "it is longer than the " + blob.size() + " bytes it should have",
                                "The store is damaged or was tampered with: publish the image anew.");
                    }
                    sha256.update(buffer, 0, n);
                    write(channel, ByteBuffer.wrap(buffer, 0, n), have);
                    have += n;
                    progress.accept(have);
                }
            } catch (BrokenConnection e) {
                failure = e.cause;
            }
            failures = have > before ? 0 : failures + 1;
            if (have < blob.size() && failures >= ATTEMPTS) {
                throw broken(have, failure);
            }
        }
        return have;
    }

    private RegistryException broken(long have, @org.jspecify.annotations.Nullable IOException failure) {
        String why = failure == null ? "the registry ended it" : String.valueOf(failure.getMessage());
        return new RegistryException(
                origin.reference(),
                origin.name(),
                0,
                true,
                "the download of " + origin.reference() + " " + blob.digest() + " broke off after " + have + " of "
                        + blob.size() + " bytes: " + why,
                "Run it again: it goes on from there.",
                failure);
    }

    /** Errors of the network must not look like those of the disk. */
    private int read(InputStream in, byte[] buffer) throws BrokenConnection {
        cancellation.throwIfRequested();
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new BrokenConnection(e);
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    private static final class BrokenConnection extends Exception {
        private static final long serialVersionUID = 1L;
        private final IOException cause;

        BrokenConnection(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
