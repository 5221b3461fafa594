package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.BuildCancelledException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** Computes each value once, however many threads ask for it at once; a failure counts as well. Thread-safe. */
final class Memo<K, V> {

    private final Map<K, FutureTask<V>> values = new ConcurrentHashMap<>();

    V get(K key, Supplier<V> compute) {
        FutureTask<V> mine = new FutureTask<>(compute::get);
        FutureTask<V> first = values.putIfAbsent(key, mine);
        if (first == null) {
            mine.run();
            first = mine;
        }
        try {
            return first.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BuildCancelledException("the reading of " + key + " was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
