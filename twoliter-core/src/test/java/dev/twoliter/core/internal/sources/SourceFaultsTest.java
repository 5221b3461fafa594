package dev.twoliter.core.internal.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.oci.RetryPolicy;
import dev.twoliter.testing.FaultProxy;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that are cut, stall or are refused. */
class SourceFaultsTest extends SourceWorld {

    @Nested
    class A_download_that_is_cut {

        @ParameterizedTest
        @ValueSource(ints = {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
        void goes_on_where_it_was_in_the_same_run(int tenth) throws IOException {
            SourceFile source = source("a-1.tar.gz", CONTENT);
            offer("/c", source, CONTENT);
            AtomicInteger requests = new AtomicInteger();
            long after = tenth < 0 ? -1 : Math.max(0, (long) SIZE * tenth / 10 - (tenth == 10 ? 1 : 0));
            proxy.faults =
                    seen -> requests.getAndIncrement() == 0 ? new FaultProxy.CutResponse(after) : new FaultProxy.Pass();
            fetch(settings(proxied("/c")), source);
            assertThat(cached(source)).hasBinaryContent(CONTENT);
            String tag = "if \"" + java.util.Arrays.hashCode(CONTENT) + "\"";
            assertThat(server.requests)
                    .hasSize(2)
                    .last()
                    .asString()
                    .endsWith(after > 0 ? "from " + after + " " + tag : "/a-1.tar.gz");
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
        void goes_on_where_it_was_in_the_next_run(int tenth) throws IOException {
            SourceFile source = source("a-1.tar.gz", CONTENT);
            offer("/c", source, CONTENT);
            long after = (long) SIZE * tenth / 10;
            proxy.faults = seen -> new FaultProxy.CutResponse(after);
            SourceSettings once = retrying(settings(proxied("/c")), RetryPolicy.NONE);
            assertThat(failure(once, source).hint()).get().asString().contains("upstream");
            assertThat(cached(source)).doesNotExist();
            assertThat(Files.size(part(source))).isEqualTo(after);
            proxy.reset();
            fetch(once, source);
            assertThat(cached(source)).hasBinaryContent(CONTENT);
            assertThat(server.requests).last().asString().endsWith(" from " + after);
        }

        @Test
        void goes_on_however_often_it_is_cut_as_long_as_it_gets_further() throws IOException {
            SourceFile source = source("a-1.tar.gz", CONTENT);
            offer("/c", source, CONTENT);
            proxy.faults = seen -> new FaultProxy.CutResponse(70_000);
            fetch(settings(proxied("/c")), source);
            assertThat(cached(source)).hasBinaryContent(CONTENT);
            assertThat(server.requests).hasSize(15);
        }

        @Test
        void is_given_up_when_it_does_not_get_further() {
            SourceFile source = source("a-1.tar.gz", CONTENT);
            offer("/c", source, CONTENT);
            server.ignoresRanges = true;
            proxy.faults = seen -> new FaultProxy.CutResponse(900_000);
            failure(settings(proxied("/c")), source);
            assertThat(server.requests).hasSizeBetween(6, 7);
        }

        @Test
        void begins_anew_where_the_server_knows_no_ranges() throws IOException {
            SourceFile source = source("a-1.tar.gz", CONTENT);
            offer("/c", source, CONTENT);
            server.ignoresRanges = true;
            AtomicInteger requests = new AtomicInteger();
            proxy.faults = seen ->
                    requests.getAndIncrement() == 0 ? new FaultProxy.CutResponse(400_000) : new FaultProxy.Pass();
            fetch(settings(proxied("/c")), source);
            assertThat(cached(source)).hasBinaryContent(CONTENT);
            assertThat(server.requests).hasSize(2);
        }

        @Test
        void goes_on_at_the_next_cache() throws IOException {
            SourceFile source = source("a-1.tar.gz", CONTENT);
            offer("/c", source, CONTENT);
            offer("/d", source, CONTENT);
            proxy.faults = seen ->
                    seen.target().startsWith("/c/") ? new FaultProxy.CutResponse(400_000) : new FaultProxy.Pass();
            fetch(retrying(settings(proxied("/c"), proxied("/d")), RetryPolicy.NONE), source);
            assertThat(cached(source)).hasBinaryContent(CONTENT);
            assertThat(server.requests).last().asString().startsWith("GET /d/").endsWith(" from 400000");
        }

        @Test
        void does_not_mix_two_contents() throws IOException {
            SourceFile source = source("a-1.tar.gz", CONTENT);
            byte[] old = new byte[SIZE];
            offer("/c", source, old);
            AtomicInteger requests = new AtomicInteger();
            proxy.faults = seen -> {
                if (requests.getAndIncrement() == 0) {
                    return new FaultProxy.CutResponse(400_000);
                }
                offer("/c", source, CONTENT);
                return new FaultProxy.Pass();
            };
            fetch(settings(proxied("/c")), source);
            assertThat(cached(source)).hasBinaryContent(CONTENT);
            assertThat(warnings).isEmpty();
        }

        @Test
        void is_begun_anew_when_its_beginning_was_damaged() throws IOException {
            SourceFile source = source("a-1.tar.gz", CONTENT);
            offer("/c", source, CONTENT);
            Files.createDirectories(part(source).getParent());
            Files.write(part(source), new byte[300_000]);
            fetch(settings(cache("/c")), source);
            assertThat(cached(source)).hasBinaryContent(CONTENT);
            assertThat(server.requests).hasSize(2).first().asString().endsWith(" from 300000");
        }

        @ParameterizedTest
        @ValueSource(ints = {SIZE, SIZE + 1})
        void is_begun_anew_when_there_is_too_much_of_it(int length) throws IOException {
            SourceFile source = source("a-1.tar.gz", CONTENT);
            offer("/c", source, CONTENT);
            Files.createDirectories(part(source).getParent());
            Files.write(part(source), new byte[length]);
            fetch(settings(cache("/c")), source);
            assertThat(cached(source)).hasBinaryContent(CONTENT);
        }

        @Test
        void needs_no_server_when_all_of_it_had_come() throws IOException {
            SourceFile source = source("a-1.tar.gz", CONTENT);
            Files.createDirectories(part(source).getParent());
            Files.write(part(source), CONTENT);
            fetch(settings(cache("/c")), source);
            assertThat(cached(source)).hasBinaryContent(CONTENT);
            assertThat(server.requests).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void a_server_that_is_busy_is_asked_again(int status) throws IOException {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        offer("/c", source, CONTENT);
        AtomicInteger requests = new AtomicInteger();
        proxy.faults = seen -> requests.getAndIncrement() < 5 ? new FaultProxy.Answer(status) : new FaultProxy.Pass();
        fetch(settings(proxied("/c")), source);
        assertThat(cached(source)).hasBinaryContent(CONTENT);
        assertThat(requests).hasValue(6);
        assertThat(progress).hasSize(5).allSatisfy(line -> assertThat(line).contains("HTTP " + status));
    }

    @Test
    void a_server_gets_the_pause_that_it_wants() {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        offer("/c", source, CONTENT);
        AtomicInteger requests = new AtomicInteger();
        proxy.faults = seen ->
                requests.getAndIncrement() == 0 ? new FaultProxy.Answer(429, "Retry-After: 1") : new FaultProxy.Pass();
        RetryPolicy patient = new RetryPolicy(2, Duration.ofMillis(1), Duration.ofSeconds(3));
        long start = System.nanoTime();
        fetch(retrying(settings(proxied("/c")), patient), source);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(progress).singleElement().asString().contains("trying again in 1000 ms");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410, 501})
    void a_server_that_refuses_is_asked_once(int status) {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        proxy.faults = seen -> new FaultProxy.Answer(status);
        assertThat(failure(settings(proxied("/c")), source)).hasMessageContaining(": HTTP " + status);
        assertThat(proxy.requests).hasSize(1);
    }

    @Test
    void a_server_that_stalls_is_left_for_the_next_one() throws IOException {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        offer("/c", source, CONTENT);
        offer("/d", source, CONTENT);
        proxy.faults = seen -> new FaultProxy.StallResponse(400_000);
        SourceSettings s = settings(proxied("/c"), cache("/d"));
        fetch(
                new SourceSettings(
                        s.lookasideCaches(),
                        false,
                        false,
                        2,
                        RetryPolicy.NONE,
                        s.connectTimeout(),
                        Duration.ofSeconds(1),
                        s.maxSize()),
                source);
        assertThat(cached(source)).hasBinaryContent(CONTENT);
        assertThat(server.requests).last().asString().startsWith("GET /d/").endsWith(" from 400000");
    }

    @Test
    void a_server_that_cannot_be_reached_is_asked_once_for_many_sources() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        URI dead = URI.create("http://127.0.0.1:" + port + "/c");
        SourceFile[] sources = new SourceFile[20];
        for (int i = 0; i < sources.length; i++) {
            byte[] content = {(byte) i};
            sources[i] = source("s" + i, content);
            offer("/d", sources[i], content);
        }
        SourceSettings s = settings(dead, cache("/d"));
        fetch(
                new SourceSettings(
                        s.lookasideCaches(), false, false, 1, FAST, s.connectTimeout(), s.stallTimeout(), s.maxSize()),
                sources);
        assertThat(warnings).singleElement().asString().contains("127.0.0.1 is not asked for sources any more");
        assertThat(server.requests).hasSize(20);
    }

    @Test
    void a_server_that_fails_for_three_sources_is_not_asked_for_more() {
        SourceFile[] sources = new SourceFile[10];
        for (int i = 0; i < sources.length; i++) {
            byte[] content = {(byte) i};
            sources[i] = source("s" + i, content);
            offer("/d", sources[i], content);
        }
        proxy.faults = seen -> new FaultProxy.Answer(503);
        SourceSettings s = settings(proxied("/c"), cache("/d"));
        fetch(
                new SourceSettings(
                        s.lookasideCaches(), false, false, 1, FAST, s.connectTimeout(), s.stallTimeout(), s.maxSize()),
                sources);
        assertThat(proxy.requests).hasSize(18);
        assertThat(warnings).singleElement().asString().contains("HTTP 503");
    }
}
