package dev.twoliter.oci.internal.registry;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.oci.BlobUpload;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Pushes several blobs at once; the first failure ends all of it. */
final class ParallelPush {

    private ParallelPush() {}

    static void run(List<BlobUpload> blobs, int parallelism, Consumer<BlobUpload> push) {
        if (blobs.size() < 2 || parallelism < 2) {
            blobs.forEach(push);
            return;
        }
        ExecutorService executor = Executors.newFixedThreadPool(Math.min(parallelism, blobs.size()));
        try {
            CompletionService<Boolean> done = new ExecutorCompletionService<>(executor);
            for (BlobUpload blob : blobs) {
                done.submit(() -> {
                    push.accept(blob);
                    return true;
                });
            }
            for (int i = 0; i < blobs.size(); i++) {
                done.take().get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BuildCancelledException("the push was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e);
        } finally {
            end(executor);
        }
    }

    /** Interrupts what is running, which ends its connections, and waits for that. */
    private static void end(ExecutorService executor) {
        executor.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            executor.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
