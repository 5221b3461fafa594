package dev.twoliter.api.spi;

import java.util.Objects;

/**
 * Whether an engine can work here. Immutable, thread-safe.
 *
 * @param available whether it can
 * @param reason why not, one sentence; empty when it can
 */
public record Availability(boolean available, String reason) {
    public Availability {
        Objects.requireNonNull(reason, "reason");
    }

    /** {@return that it can} */
    public static Availability yes() {
        return new Availability(true, "");
    }

    /**
     * {@return that it cannot}
     *
     * @param reason why not, one sentence
     */
    public static Availability no(String reason) {
        return new Availability(false, reason);
    }
}
