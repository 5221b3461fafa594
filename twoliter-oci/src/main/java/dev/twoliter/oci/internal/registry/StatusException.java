package dev.twoliter.oci.internal.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoliter.api.FormatException;
import dev.twoliter.oci.internal.http.Response;
import dev.twoliter.oci.internal.http.RetryAfter;
import dev.twoliter.oci.internal.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A server answered something else than what was hoped for. */
final class StatusException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final Set<Integer> TEMPORARY = Set.of(408, 429, 500, 502, 503, 504);
    private static final int MAX_BODY = 8192;
    private static final int MAX_REASON = 200;

    private final int status;
    private final boolean again;
    private final transient Optional<Duration> retryAfter;

    private StatusException(int status, String message, boolean again, Optional<Duration> retryAfter) {
        super(message);
        this.status = status;
        this.again = again;
        this.retryAfter = retryAfter;
    }

    /** Takes an answer as a failure, and closes it. */
    static StatusException of(Response response) {
        try (response) {
            String reason = reason(response);
            return new StatusException(
                    response.status(),
                    "HTTP " + response.status() + (reason.isEmpty() ? "" : " (" + reason + ")"),
                    isTemporary(response.status()),
                    response.headers().first("Retry-After").flatMap(RetryAfter::parse));
        }
    }

    /** {@return the same failure, as one after which it is worth to begin anew} */
    StatusException temporary() {
        return new StatusException(status, String.valueOf(getMessage()), true, retryAfter);
    }

    static boolean isTemporary(int status) {
        return TEMPORARY.contains(status);
    }

    int status() {
        return status;
    }

    boolean isTemporary() {
        return again;
    }

    Optional<Duration> retryAfter() {
        return retryAfter == null ? Optional.empty() : retryAfter;
    }

    /** What the registry says, as one line of plain text (OCI distribution specification 1.1, "Error Codes"). */
    private static String reason(Response response) {
        try {
            JsonNode first = Json.parse("", response.body().readNBytes(MAX_BODY))
                    .path("errors")
                    .path(0);
            String text =
                    (first.path("code").asText() + ": " + first.path("message").asText()).strip();
            String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
            return first.isMissingNode() ? "" : plain.substring(0, Math.min(plain.length(), MAX_REASON));
        } catch (FormatException | IOException e) {
            // The status says enough.
            return "";
        }
    }
}
