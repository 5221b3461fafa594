package dev.twoliter.oci;

import java.time.Duration;
import java.util.Objects;

/**
 * How often and after what pauses a request is made again that failed for a reason that may pass: a connection that was
 * cut or stalled, or the answers 408, 429, 500, 502, 503 and 504. The pauses grow by two and are varied at random by up to
 * half; a registry that names a pause (Retry-After) gets that one. Immutable, thread-safe.
 *
 * @param attempts how often a request is made at most, 1 or more; a transfer that has got further counts anew
 * @param firstPause the pause after the first failure
 * @param longestPause no pause is longer, also where the registry wants one
 */
public record RetryPolicy(int attempts, Duration firstPause, Duration longestPause) {

    /** Six attempts with pauses of about 0.5, 1, 2, 4 and 8 seconds; a minute where the registry wants it. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(6, Duration.ofMillis(500), Duration.ofMinutes(1));

    /** Every request is made once. */
    public static final RetryPolicy NONE = new RetryPolicy(1, Duration.ZERO, Duration.ZERO);

    public RetryPolicy {
        Objects.requireNonNull(firstPause, "firstPause");
        Objects.requireNonNull(longestPause, "longestPause");
        if (attempts < 1 || firstPause.isNegative() || longestPause.isNegative()) {
            throw new IllegalArgumentException("there is one attempt at least, and no pause is shorter than none");
        }
    }
}
