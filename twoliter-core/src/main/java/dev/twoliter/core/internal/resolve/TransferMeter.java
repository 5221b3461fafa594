package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Digest;
import dev.twoliter.api.spi.StepScope;
import dev.twoliter.oci.Descriptor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds up how far the layers of one image have got, and tells it ten times a second at most, and once at the end.
 * Thread-safe.
 */
final class TransferMeter {

    private static final long INTERVAL_NANOS = 100_000_000;

    private final String what;
    private final StepScope scope;
    private final long total;
    private final Map<Digest, Long> have = new HashMap<>();
    private long sum;
    private long told = System.nanoTime() - INTERVAL_NANOS;
    private boolean ended;

    TransferMeter(String what, List<Descriptor> blobs, StepScope scope) {
        this.what = what;
        this.scope = scope;
        // A layer that is there twice is pulled once.
        Map<Digest, Long> sizes = new LinkedHashMap<>();
        blobs.forEach(blob -> sizes.put(blob.digest(), blob.size()));
        this.total = sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** A blob has got so far; less than before when it had to be begun anew. */
    synchronized void at(Descriptor blob, long bytes) {
        Long before = have.put(blob.digest(), bytes);
        sum += bytes - (before == null ? 0 : before);
        long now = System.nanoTime();
        boolean end = sum == total && !ended;
        if (end || (!ended && now - told >= INTERVAL_NANOS)) {
            told = now;
            ended = end;
            scope.transfer(what, sum, total);
        }
    }
}
