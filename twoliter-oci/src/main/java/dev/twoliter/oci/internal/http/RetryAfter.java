package dev.twoliter.oci.internal.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The pause that a server wants: seconds, or a date (RFC 9110, 10.2.3). Stateless, thread-safe. */
public final class RetryAfter {

    private RetryAfter() {}

    /** {@return the pause; empty when the value is malformed, none when the date is past} */
    public static Optional<Duration> parse(String value) {
        return parse(value, Instant.now());
    }

    /** {@return the pause; empty when the value is malformed, none when the date is past} */
    static Optional<Duration> parse(String value, Instant now) {
        if (value.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        try {
            Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
