package dev.twoliter.core.internal.sources;

import dev.twoliter.api.Environment;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.plan.RunOptions;
import dev.twoliter.oci.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where sources come from and how. Immutable, thread-safe.
 *
 * @param lookasideCaches asked in turn
 * @param upstream whether those that no cache has may come from their own URLs
 * @param offline whether nothing beyond this machine is asked
 * @param jobs how many are downloaded at once, 1 or more
 * @param retries how failed requests are made again
 * @param connectTimeout how long a connection may take to come about
 * @param stallTimeout how long a download may bring next to nothing before it counts as cut
 * @param maxSize how many bytes a source may have
 */
public record SourceSettings(
        List<URI> lookasideCaches,
        boolean upstream,
        boolean offline,
        int jobs,
        RetryPolicy retries,
        Duration connectTimeout,
        Duration stallTimeout,
        long maxSize) {

    /** The public one, which upstream's Makefile names (project-formats.md 5.1). */
    private static final URI PUBLIC_CACHE = URI.create("https://cache.bottlerocket.aws");

    /** As upstream's tools have it, except that there may be several, with blanks or commas between them. */
    private static final String CACHE = "BUILDSYS_LOOKASIDE_CACHE";

    /** Only the word {@code true} allows it, as upstream. */
    private static final String FALLBACK = "BUILDSYS_UPSTREAM_SOURCE_FALLBACK";

    private static final Pattern URL = Pattern.compile("(?i:https?|file):.+");
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration STALL_TIMEOUT = Duration.ofMinutes(1);
    private static final long MAX_SIZE = 16L << 30;

    public SourceSettings {
        lookasideCaches = List.copyOf(lookasideCaches);
    }

    /**
     * Takes what a caller wants, and the rest from the environment.
     *
     * @param options what the caller wants
     * @param environment upstream's variables
     * @return the settings
     * @throws SourceException if a variable holds no URL
     */
    public static SourceSettings of(RunOptions options, Environment environment) {
        List<URI> caches = options.lookasideCaches();
        if (caches.isEmpty()) {
            caches = environment.variable(CACHE).map(SourceSettings::parse).orElse(List.of(PUBLIC_CACHE));
        }
        boolean upstream = options.upstreamSources()
                .orElseGet(() -> environment.variable(FALLBACK).equals(java.util.Optional.of("true")));
        return new SourceSettings(
                caches,
                upstream,
                options.offline(),
                options.jobs(),
                RetryPolicy.DEFAULT,
                CONNECT_TIMEOUT,
                STALL_TIMEOUT,
                MAX_SIZE);
    }

    private static List<URI> parse(String value) {
        return Stream.of(value.split("[\\s,]+"))
                .filter(word -> !word.isEmpty())
                .map(SourceSettings::cache)
                .toList();
    }

    private static URI cache(String word) {
        try {
            if (URL.matcher(word).matches()) {
                return URI.create(word);
            }
        } catch (IllegalArgumentException e) {
            throw notOne(word, e);
        }
        throw notOne(word, null);
    }

    private static SourceException notOne(String word, @org.jspecify.annotations.Nullable Throwable cause) {
        return new SourceException(
                word,
                CACHE + " has '" + word + "', which is no http:, https: or file: URL",
                "Correct the variable, or unset it for the public cache of Bottlerocket.",
                cause);
    }
}
