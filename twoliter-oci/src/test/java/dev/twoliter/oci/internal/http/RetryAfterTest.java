package dev.twoliter.oci.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryAfterTest {

    @Test
    void a_pause_that_is_wanted_may_be_in_seconds_or_a_date() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(RetryAfter.parse("120", now)).contains(Duration.ofMinutes(2));
        assertThat(RetryAfter.parse("Thu, 01 Jan 2026 00:00:30 GMT", now)).contains(Duration.ofSeconds(30));
        assertThat(RetryAfter.parse("Wed, 31 Dec 2025 00:00:00 GMT", now)).contains(Duration.ZERO);
        for (String malformed : List.of("", "-1", "soon", "1e9", "99999999999999999999")) {
            assertThat(RetryAfter.parse(malformed, now)).as(malformed).isEmpty();
        }
    }
}
