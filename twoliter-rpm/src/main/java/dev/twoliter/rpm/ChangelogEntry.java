package dev.twoliter.rpm;

import java.time.Instant;
import java.util.Objects;

/**
 * One entry of a package's changelog. Immutable, thread-safe.
 *
 * @param time the day, as rpm stores it: noon UTC as a rule
 * @param author who, with an address and often a version
 * @param text what, often several lines
 */
public record ChangelogEntry(Instant time, String author, String text) {
    public ChangelogEntry {
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(author, "author");
        Objects.requireNonNull(text, "text");
    }
}
