package dev.twoliter.oci;

import dev.twoliter.api.StorageException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Moves blobs from one repository to another, several at once, and counts. Used once. */
final class BlobTransfer {

    private final Repository source;
    private final Repository target;
    private final CopyOptions options;
    private final long total;
    private long bytes;
    private int copiedBlobs;
    private long copiedBytes;
    private int presentBlobs;
    private long presentBytes;

    BlobTransfer(Repository source, Repository target, List<Descriptor> blobs, CopyOptions options) {
        this.source = source;
        this.target = target;
        this.options = options;
        this.total = blobs.stream().mapToLong(Descriptor::size).sum();
        run(blobs);
    }

    private void run(List<Descriptor> blobs) {
        ExecutorService pool = Executors.newFixedThreadPool(options.parallelism(), work -> {
            Thread thread = new Thread(work, "twoliter-copy");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> running = new ArrayList<>();
            blobs.forEach(blob -> running.add(pool.submit(() -> copy(blob))));
            for (Future<?> one : running) {
                await(one);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private void await(Future<?> copy) {
        try {
            copy.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StorageException.of("copy", source.reference(), new InterruptedIOException("interrupted"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private void copy(Descriptor blob) {
        BlobMount mount = target.mountBlob(blob, source);
        if (mount != BlobMount.ABSENT) {
            count(blob, mount == BlobMount.PRESENT);
            advance(blob.size());
            return;
        }
        Progress progress = new Progress();
        target.pushBlob(blob, () -> progress.reading(source.blob(blob)));
        progress.at(blob.size());
        count(blob, false);
    }

    private synchronized void count(Descriptor blob, boolean present) {
        if (present) {
            presentBlobs++;
            presentBytes += blob.size();
        } else {
            copiedBlobs++;
            copiedBytes += blob.size();
        }
    }

    private synchronized void advance(long by) {
        bytes += by;
        options.listener().at(bytes, total);
    }

    CopyResult result(Descriptor root, int images, List<String> signatures) {
        return new CopyResult(root, images, signatures, copiedBlobs, copiedBytes, presentBlobs, presentBytes);
    }

    /** How much of one blob has been read; begins anew when the blob does. */
    private final class Progress {
        private long at;

        InputStream reading(InputStream in) {
            at(0);
            return new FilterInputStream(in) {
                @Override
                public int read() throws IOException {
                    int b = super.read();
                    at(at + (b < 0 ? 0 : 1));
                    return b;
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int n = super.read(buffer, offset, length);
                    at(at + Math.max(n, 0));
                    return n;
                }
            };
        }

        void at(long now) {
            if (now != at) {
                advance(now - at);
                at = now;
            }
        }
    }
}
