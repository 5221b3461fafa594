package dev.twoliter.oci.internal.registry;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.oci.RetryPolicy;
import dev.twoliter.oci.StoreEvent;
import dev.twoliter.oci.StoreListener;
import dev.twoliter.oci.internal.http.ProtocolException;
import dev.twoliter.oci.internal.http.ProxyRefusalException;
import dev.twoliter.oci.internal.http.UnreachableException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import javax.net.ssl.SSLException;

/** Does again what failed for a reason that may pass; see {@link RetryPolicy}. Thread-safe. */
final class Retries {

    /** Waits. */
    interface Sleeper {
        void sleep(Duration pause) throws InterruptedException;
    }

    /** Something to do, perhaps several times. */
    interface Attempt<T> {
        T run() throws IOException;
    }

    /** How often something has been tried in vain. Not thread-safe. */
    static final class Tries {
        private int failures;

        /** What is being done has got further: failures before do not count any more. */
        void gotFurther() {
            failures = 0;
        }
    }

    private final RetryPolicy policy;
    private final StoreListener listener;
    private final Sleeper sleeper;
    private final DoubleSupplier random;

    Retries(RetryPolicy policy, StoreListener listener) {
        this(
                policy,
                listener,
                pause -> Thread.sleep(pause.toMillis()),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    Retries(RetryPolicy policy, StoreListener listener, Sleeper sleeper, DoubleSupplier random) {
        this.policy = policy;
        this.listener = listener;
        this.sleeper = sleeper;
        this.random = random;
    }

    /**
     * Does something.
     *
     * @param server what it is done with
     * @param reference the repository, for events
     * @param action what it does, for events
     * @throws IOException if it fails for good, or has failed too often
     */
    <T> T run(Server server, String reference, String action, Attempt<T> attempt) throws IOException {
        Tries tries = new Tries();
        while (true) {
            try {
                return attempt.run();
            } catch (IOException e) {
                pause(tries, server, reference, action, e);
            }
        }
    }

    /** Counts a failure and waits; throws it if it is for good, or one too many. */
    void pause(Tries tries, Server server, String reference, String action, IOException failure) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw cancelled(action);
        }
        tries.failures++;
        if (tries.failures >= policy.attempts() || !mayPass(failure, server)) {
            throw failure;
        }
        Duration pause = pause(tries.failures, failure);
        listener.onEvent(new StoreEvent.Retrying(reference, action, Failures.reason(failure), pause));
        try {
            sleeper.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled(action);
        }
    }

    private static BuildCancelledException cancelled(String action) {
        return new BuildCancelledException("it was interrupted: " + action);
    }

    /** {@return whether the same may go through later} */
    static boolean mayPass(IOException failure, Server server) {
        if (failure instanceof StatusException status) {
            return status.isTemporary();
        }
        if (failure instanceof ProxyRefusalException proxy) {
            return proxy.status() >= 500;
        }
        // A server that was never there is rather a wrong name than a passing failure.
        return failure instanceof UnreachableException
                ? server.wasReached()
                : !(failure instanceof ProtocolException || failure instanceof SSLException);
    }

    private Duration pause(int failures, IOException failure) {
        Optional<Duration> wanted = failure instanceof StatusException status ? status.retryAfter() : Optional.empty();
        double growing = policy.firstPause().toMillis() * Math.scalb(1.0, Math.min(failures - 1, 30));
        long millis = wanted.map(Duration::toMillis).orElseGet(() -> (long) (growing * (0.5 + random.getAsDouble())));
        return Duration.ofMillis(Math.min(millis, policy.longestPause().toMillis()));
    }
}
