package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.api.spi.CancellationToken;
import dev.twoliter.core.internal.io.PartialFile;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.VerifyingStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * One download into the cache, consumed on its way. It is written to {@code HEX.part}, which stays when the download is
 * cut short, and the next one goes on from its last byte, its beginning read from there; only the whole, once its digest
 * is right, gets the name {@code HEX}. Used once.
 */
final class Download {

    private final Descriptor blob;
    private final Repository origin;
    private final PartialFile target;
    private final CancellationToken cancellation;
    private final LongConsumer progress;

    Download(Descriptor blob, Repository origin, Path file, CancellationToken cancellation, LongConsumer progress) {
        this.blob = blob;
        this.origin = origin;
        this.target = new PartialFile(file, cancellation);
        this.cancellation = cancellation;
        this.progress = progress;
    }

    /**
     * Downloads, or waits for whoever does.
     *
     * @return what the consumer made of the content; empty if another has completed the file, or is about to
     */
    <T> Optional<T> run(BlobConsumer<T> consumer) {
        try {
            return target.complete(channel -> fill(channel, consumer));
        } catch (InterruptedException | ClosedByInterruptException e) {
            Thread.currentThread().interrupt();
            throw new BuildCancelledException("the download of " + blob.digest() + " was interrupted");
        } catch (IOException e) {
            throw StorageException.of("write", target.part(), e);
        }
    }

    private <T> T fill(FileChannel channel, BlobConsumer<T> consumer) throws IOException {
        if (channel.size() > blob.size()) {
            channel.truncate(0);
        }
        while (true) {
            DownloadStream pieces = new DownloadStream(blob, origin, channel, target.part(), cancellation, progress);
            try (pieces) {
                return consumer.judge(new VerifyingStream(pieces, blob, origin.reference()));
            } catch (VerificationException e) {
                // Not deleted: whoever waits for our lock has this very file open.
                channel.truncate(0);
                if (!pieces.isResumed()) {
                    throw e;
                }
                // The beginning was damaged on this disk, or is of a time when the registry sent something else.
            }
        }
    }
}
