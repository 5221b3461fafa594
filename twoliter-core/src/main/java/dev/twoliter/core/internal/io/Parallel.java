package dev.twoliter.core.internal.io;

import dev.twoliter.api.BuildCancelledException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A few threads for one run. Thread-safe. */
public final class Parallel implements AutoCloseable {

    /** Whoever cancels waits no longer than two seconds in all. */
    private static final long PATIENCE_MILLIS = 1000;

    private final ExecutorService pool;

    /**
     * Makes the threads when they are needed.
     *
     * @param jobs how many, 1 or more
     * @param name what their names begin with
     */
    public Parallel(int jobs, String name) {
        AtomicInteger number = new AtomicInteger();
        this.pool = Executors.newFixedThreadPool(jobs, work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Begins some work.
     *
     * @param <T> its result
     * @param work the work; it must not wait for other work of the same threads
     * @return waits for the result; throws what the work threw, and {@link BuildCancelledException} when the waiting
     *     thread is interrupted or the work was given up
     */
    public <T> Supplier<T> start(Supplier<T> work) {
        Future<T> future = pool.submit(work::get);
        return () -> await(future);
    }

    /**
     * Does several things and waits for all of them.
     *
     * @param <T> the result of each
     * @param work what to do; it must not wait for other work of the same threads
     * @return the results, in order
     * @throws BuildCancelledException if the waiting thread is interrupted; the rest is then given up, as after a
     *     failure, of which the first in order is thrown
     */
    public <T> List<T> all(List<Supplier<T>> work) {
        List<Future<T>> futures = new ArrayList<>();
        work.forEach(one -> futures.add(pool.submit(one::get)));
        try {
            List<T> results = new ArrayList<>();
            futures.forEach(future -> results.add(await(future)));
            return results;
        } finally {
            futures.forEach(future -> future.cancel(true));
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BuildCancelledException("the work was interrupted");
        } catch (CancellationException e) {
            throw new BuildCancelledException("the work was given up");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Interrupts what still runs and waits for it, so that nothing is written any more; a library may take too long. */
    @Override
    public void close() {
        pool.shutdownNow();
        try {
            pool.awaitTermination(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
