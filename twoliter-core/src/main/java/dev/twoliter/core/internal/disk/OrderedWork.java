package dev.twoliter.core.internal.disk;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks on a few threads of its own and hands over what they make in the order in which they came, whatever the
 * number of threads; all on the thread that brings them. Not thread-safe.
 *
 * @param <T> what a task makes
 */
public final class OrderedWork<T> implements AutoCloseable {

    /**
     * Takes what a task made.
     *
     * @param <T> what that is
     */
    @FunctionalInterface
    public interface Taker<T> {
        /**
         * Takes it.
         *
         * @param made what a task made
         * @throws IOException if it cannot be written
         */
        void take(T made) throws IOException;
    }

    private static final int MAX_CORES = 4;

    private final ExecutorService executor;
    private final int ahead;
    private final Taker<T> taker;
    private final Deque<Future<T>> pending = new ArrayDeque<>();

    /** {@return how many threads are worth their memory here: one a processor, four at most} */
    public static int cores() {
        return Math.min(Runtime.getRuntime().availableProcessors(), MAX_CORES);
    }

    /**
     * Starts.
     *
     * @param name of the threads
     * @param threads how many
     * @param ahead how many tasks are there at most that were not taken, at least one
     * @param taker gets what the tasks make
     */
    public OrderedWork(String name, int threads, int ahead, Taker<T> taker) {
        this.ahead = ahead;
        this.taker = taker;
        this.executor = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Adds a task, and hands over what is ready or, if there are too many tasks, what will be ready first.
     *
     * @param task may throw IOException and unchecked exceptions only
     * @throws IOException if an earlier task or the taker fails
     */
    public void add(Callable<T> task) throws IOException {
        while (pending.size() >= ahead
                || (!pending.isEmpty() && pending.element().isDone())) {
            takeFirst();
        }
        pending.add(executor.submit(task));
    }

    /**
     * Waits for all tasks.
     *
     * @throws IOException if a task or the taker fails
     */
    public void finish() throws IOException {
        while (!pending.isEmpty()) {
            takeFirst();
        }
    }

    private void takeFirst() throws IOException {
        try {
            taker.take(pending.remove().get());
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a task");
        }
    }

    private static IOException failure(@Nullable Throwable cause) throws IOException {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException failed ? failed : new IOException(cause);
    }

    /**
     * Ends the threads; what was not taken is dropped. Returns once no task runs any more, and interrupts none: that
     * would close the files that it reads.
     */
    @Override
    public void close() {
        pending.forEach(task -> task.cancel(false));
        executor.shutdown();
        boolean interrupted = false;
        while (!executor.isTerminated()) {
            try {
                executor.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
