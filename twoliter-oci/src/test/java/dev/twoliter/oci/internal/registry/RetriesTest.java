package dev.twoliter.oci.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Environment;
import dev.twoliter.oci.RetryPolicy;
import dev.twoliter.oci.StoreListener;
import dev.twoliter.oci.internal.http.ProxyRules;
import dev.twoliter.oci.internal.http.TlsTrust;
import dev.twoliter.oci.internal.http.Transport;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pauses, by a clock that does not run. */
class RetriesTest {

    private static final RetryPolicy POLICY = new RetryPolicy(7, Duration.ofSeconds(1), Duration.ofSeconds(10));

    private final List<Duration> pauses = new ArrayList<>();
    private final Server server = new Server(
            new RegistryName("registry.test"),
            new Transport(
                    ProxyRules.of(Environment.of(Map.of(), Path.of("."))),
                    new TlsTrust(List.of()),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1)),
            false);

    private void fail(double random, IOException failure) {
        Retries retries = new Retries(POLICY, StoreListener.NONE, pauses::add, () -> random);
        pauses.clear();
        assertThatThrownBy(() -> retries.run(server, "r", "do it", () -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void pauses_grow_by_two_and_stop_growing() {
        fail(0.5, new SocketTimeoutException());
        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 10L, 10L);
    }

    @Test
    void chance_varies_pauses_by_half() {
        fail(0, new SocketTimeoutException());
        assertThat(pauses.get(0)).isEqualTo(Duration.ofMillis(500));
        fail(0.999, new SocketTimeoutException());
        assertThat(pauses.get(0)).isBetween(Duration.ofMillis(1490), Duration.ofMillis(1500));
    }

    @Test
    void what_does_not_pass_is_thrown_at_once() {
        for (IOException failure : List.of(
                new dev.twoliter.oci.internal.http.ProtocolException("x"),
                new javax.net.ssl.SSLHandshakeException("x"))) {
            fail(0.5, failure);
            assertThat(pauses).isEmpty();
        }
    }
}
