package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.core.internal.io.AtomicFiles;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * A directory in which several threads unpack layers that nobody may see yet. When it is closed nobody begins any more,
 * and whoever leaves last deletes it: a thread that waits for a registry is not waited for. Thread-safe.
 */
final class LayerStage implements AutoCloseable {

    private final Path directory;
    private int inside;
    private boolean closed;

    LayerStage(Path directory) {
        this.directory = directory;
    }

    /** Does something in the directory. */
    <T> T use(Function<Path, T> work) {
        enter();
        try {
            return work.apply(directory);
        } finally {
            leave();
        }
    }

    private synchronized void enter() {
        if (closed) {
            throw new BuildCancelledException("the work was given up");
        }
        inside++;
    }

    private synchronized void leave() {
        inside--;
        deleteUnlessUsed();
    }

    private void deleteUnlessUsed() {
        if (closed && inside == 0) {
            AtomicFiles.deleteTree(directory);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        deleteUnlessUsed();
    }
}
