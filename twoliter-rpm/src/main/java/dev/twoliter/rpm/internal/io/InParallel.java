package dev.twoliter.rpm.internal.io;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The same work on many files, a few at a time. */
public final class InParallel {
    private InParallel() {}

    /**
     * Runs it on each file, the largest first, so that no worker ends up with one of them alone. A failure does not keep
     * the others from being worked on; it is thrown in the end, the others' with it as suppressed.
     *
     * @return the results in the order of the files
     */
    public static <T> List<T> map(List<Path> files, int jobs, Function<Path, T> work) {
        if (jobs < 1) {
            throw new IllegalArgumentException("jobs must be 1 or more, not " + jobs);
        }
        Map<Path, Long> sizes = new HashMap<>();
        files.forEach(file -> sizes.computeIfAbsent(file, InParallel::size));
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparing((Integer i) -> sizes.getOrDefault(files.get(i), 0L))
                .reversed());
        ExecutorService workers = Executors.newFixedThreadPool(Math.max(1, Math.min(jobs, files.size())));
        try {
            List<Task<T>> tasks = new ArrayList<>();
            order.forEach(i -> tasks.add(new Task<>(i, workers.submit(() -> work.apply(files.get(i))))));
            tasks.sort(Comparator.comparingInt(Task::index));
            return collect(tasks);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BuildCancelledException("the work on " + files.size() + " files was interrupted");
        } finally {
            workers.shutdownNow();
        }
    }

    private record Task<T>(int index, Future<T> result) {}

    private static <T> List<T> collect(List<Task<T>> tasks) throws InterruptedException {
        List<T> results = new ArrayList<>(tasks.size());
        RuntimeException failure = null;
        for (Task<T> task : tasks) {
            try {
                results.add(task.result.get());
            } catch (ExecutionException e) {
                failure = join(failure, e.getCause());
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    private static RuntimeException join(@Nullable RuntimeException first, @Nullable Throwable next) {
        if (next instanceof Error error) {
            throw error;
        }
        RuntimeException thrown =
                next instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(next);
        if (first == null) {
            return thrown;
        }
        first.addSuppressed(thrown);
        return first;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }
}
