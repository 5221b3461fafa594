package dev.twoliter.core.internal.sources;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known of the servers that a run asks. One that cannot be reached, or has failed for several files, is not asked
 * any more: a hundred files do not wait for it one after the other. Thread-safe.
 */
final class Servers {

    private static final int STRIKES = 3;

    private final Set<String> reached = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> strikes = new ConcurrentHashMap<>();
    private final Map<String, String> givenUp = new ConcurrentHashMap<>();

    private static String server(URI uri) {
        return uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort();
    }

    /** Remembers that it answered. */
    void reached(URI uri) {
        reached.add(server(uri));
    }

    /** {@return whether it has ever answered} */
    boolean wasReached(URI uri) {
        return reached.contains(server(uri));
    }

    /** {@return why it is not asked any more, if so} */
    Optional<String> givenUp(URI uri) {
        return Optional.ofNullable(givenUp.get(server(uri)));
    }

    /**
     * Remembers that it could not be reached, or failed for a file however often it was asked.
     *
     * @return whether that was its last chance
     */
    boolean failed(URI uri, boolean unreachable, String why) {
        String server = server(uri);
        int count = strikes.merge(server, 1, Integer::sum);
        return (unreachable || count >= STRIKES) && givenUp.putIfAbsent(server, why) == null;
    }
}
