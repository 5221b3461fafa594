package dev.twoliter.core.internal.sources;

import dev.twoliter.oci.internal.http.Response;
import dev.twoliter.oci.internal.http.RetryAfter;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A web server answered something else than was hoped for. */
final class AnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final Set<Integer> TEMPORARY = Set.of(408, 429, 500, 502, 503, 504);

    private final boolean temporary;
    private final transient @org.jspecify.annotations.Nullable Duration retryAfter;

    /** Something that stays as it is. */
    AnswerException(String message) {
        super(message);
        this.temporary = false;
        this.retryAfter = null;
    }

    /** A status. */
    AnswerException(Response response) {
        super("HTTP " + response.status());
        this.temporary = TEMPORARY.contains(response.status());
        this.retryAfter = response.headers()
                .first("Retry-After")
                .flatMap(RetryAfter::parse)
                .orElse(null);
    }

    /** {@return whether the same request may go through later} */
    boolean isTemporary() {
        return temporary;
    }

    /** {@return the pause that the server wants} */
    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
