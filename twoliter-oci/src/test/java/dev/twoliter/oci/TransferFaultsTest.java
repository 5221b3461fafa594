package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.testing.FaultProxy;
import dev.twoliter.testing.FaultProxy.Answer;
import dev.twoliter.testing.FaultProxy.CorruptRequest;
import dev.twoliter.testing.FaultProxy.CorruptResponse;
import dev.twoliter.testing.FaultProxy.CutRequest;
import dev.twoliter.testing.FaultProxy.CutResponse;
import dev.twoliter.testing.FaultProxy.Fault;
import dev.twoliter.testing.FaultProxy.Pass;
import dev.twoliter.testing.FaultProxy.Seen;
import dev.twoliter.testing.FaultProxy.StallRequest;
import dev.twoliter.testing.FaultProxy.StallResponse;
import dev.twoliter.testing.FaultProxy.Trickle;
import dev.twoliter.testing.FaultProxy.Truncate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between us and a registry, counted by a proxy between the two. */
@Timeout(60)
class TransferFaultsTest {

    private static final int SIZE = 2_000_000;

    @TempDir
    Path directory;

    private final List<StoreEvent> events = Collections.synchronizedList(new ArrayList<>());
    private PlayRegistry registry;
    private FaultProxy proxy;
    private ImageStore store;
    private Repository repository;

    @BeforeEach
    void start() throws IOException {
        registry = new PlayRegistry();
        proxy = FaultProxy.before(registry.host());
        store = ImageStore.open(proxy.host() + "/team", options().build());
        repository = store.repository("x");
    }

    @AfterEach
    void stop() throws IOException {
        store.close();
        proxy.close();
        registry.close();
    }

    private StoreOptions.Builder options() {
        return StoreOptions.builder()
                .environment(Environment.of(Map.of("HOME", directory.toString()), directory))
                .retryPolicy(new RetryPolicy(4, Duration.ofMillis(1), Duration.ofMillis(20)))
                .stallTimeout(Duration.ofSeconds(30))
                .listener(events::add);
    }

    /** Waits only as long for a peer that says nothing as a busy machine may need to go on with a transfer that runs. */
    private void beImpatient() {
        store.close();
        store = ImageStore.open(
                proxy.host() + "/team",
                options().stallTimeout(Duration.ofSeconds(1)).build());
        repository = store.repository("x");
    }

    static byte[] noise(int seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static Descriptor layer(byte[] bytes) {
        return Descriptor.of(MediaTypes.LAYER_TAR, bytes);
    }

    /** Puts a blob into the registry, past us. */
    private Descriptor given(byte[] bytes) {
        Descriptor blob = layer(bytes);
        registry.content.put("team/x " + blob.digest(), bytes);
        return blob;
    }

    private byte[] pull(Descriptor blob) throws IOException {
        try (InputStream in = repository.blob(blob)) {
            return in.readAllBytes();
        }
    }

    private boolean isStored(Descriptor blob) {
        return registry.content.containsKey("team/x " + blob.digest());
    }

    /** The same fault for so many requests of a kind, then none. */
    private static Function<Seen, Fault> first(int times, Predicate<Seen> which, Fault fault) {
        AtomicInteger left = new AtomicInteger(times);
        return seen -> which.test(seen) && left.getAndDecrement() > 0 ? fault : new Pass();
    }

    @Test
    void a_download_that_is_cut_at_every_tenth_transfers_every_byte_once() throws IOException {
        byte[] bytes = noise(1, SIZE);
        Descriptor blob = given(bytes);
        AtomicInteger cuts = new AtomicInteger(9);
        proxy.faults =
                seen -> seen.isBlobRead() && cuts.getAndDecrement() > 0 ? new CutResponse(SIZE / 10) : new Pass();
        assertThat(pull(blob)).isEqualTo(bytes);
        assertThat(proxy.downloaded.get()).isEqualTo(SIZE);
        assertThat(proxy.requests).hasSize(10);
        assertThat(events).filteredOn(StoreEvent.Retrying.class::isInstance).hasSize(9);
    }

    @Test
    void a_registry_that_knows_no_ranges_sends_the_whole_again_and_we_go_on() throws IOException {
        registry.ignoresRanges = true;
        byte[] bytes = noise(20, SIZE);
        Descriptor blob = given(bytes);
        AtomicInteger cuts = new AtomicInteger();
        proxy.faults = seen -> cuts.incrementAndGet() < 10 ? new CutResponse(cuts.get() * (SIZE / 10)) : new Pass();
        assertThat(pull(blob)).isEqualTo(bytes);
    }

    @Test
    void an_upload_that_is_cut_at_every_tenth_transfers_every_byte_once() {
        byte[] bytes = noise(2, SIZE);
        AtomicInteger cuts = new AtomicInteger(9);
        proxy.faults =
                seen -> seen.isBlobWrite() && cuts.getAndDecrement() > 0 ? new CutRequest(SIZE / 10) : new Pass();
        Descriptor blob = layer(bytes);
        repository.pushBlob(blob, BlobSource.of(bytes));
        assertThat(isStored(blob)).isTrue();
        assertThat(proxy.uploaded.get()).isEqualTo(SIZE);
        assertThat(events).filteredOn(StoreEvent.Retrying.class::isInstance).hasSize(9);
        assertThat(events.get(events.size() - 1))
                .isEqualTo(new StoreEvent.Uploaded(repository.reference(), blob, SIZE));
        assertThat(registry.unfinishedUploads()).isZero();
    }

    @Test
    void an_upload_that_the_registry_gives_up_after_it_was_asked_for_begins_anew() {
        byte[] bytes = noise(5, SIZE);
        AtomicInteger writes = new AtomicInteger();
        proxy.faults = seen -> {
            if (!seen.isBlobWrite()) {
                return new Pass();
            }
            return switch (writes.incrementAndGet()) {
                case 1 -> new CutRequest(0);
                case 2 -> new Answer(404);
                default -> new Pass();
            };
        };

        repository.pushBlob(layer(bytes), BlobSource.of(bytes));

        assertThat(isStored(layer(bytes))).isTrue();
        assertThat(proxy.requests)
                .filteredOn(request -> request.startsWith("POST "))
                .hasSize(2);
    }

    @Test
    void an_upload_whose_answer_is_lost_is_not_sent_again() {
        byte[] bytes = noise(3, SIZE);
        proxy.faults = first(1, Seen::isBlobWrite, new CutResponse(-1));
        repository.pushBlob(layer(bytes), BlobSource.of(bytes));
        assertThat(proxy.uploaded.get()).isEqualTo(SIZE);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void requests_are_made_again_after_bursts_of_refusals_that_pass(int status) throws IOException {
        byte[] bytes = noise(4, 100_000);
        Descriptor blob = layer(bytes);
        // Three of four requests of each kind.
        Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
        proxy.faults = seen -> {
            String kind = seen.method() + seen.target().replaceFirst("\\?.*", "");
            int count = counts.computeIfAbsent(kind, k -> new AtomicInteger()).incrementAndGet();
            return count % 4 == 0 ? new Pass() : new Answer(status);
        };
        repository.pushBlob(blob, BlobSource.of(bytes));
        RawManifest index = ImageIndex.of(List.of()).toRaw();
        repository.pushManifest(index, "v1");
        assertThat(repository.manifest("v1").orElseThrow().bytes()).isEqualTo(index.bytes());
        assertThat(pull(blob)).isEqualTo(bytes);
    }

    @Test
    void a_refusal_that_stays_ends_after_so_many_attempts_and_says_so() {
        proxy.faults = seen -> new Answer(503, "Retry-After: 3600");
        RegistryException e = catchThrowableOfType(RegistryException.class, () -> repository.manifest("v1"));
        assertThat(e.status()).isEqualTo(503);
        assertThat(e.retryable()).isTrue();
        assertThat(e).hasMessageContaining("HTTP 503");
        assertThat(proxy.requests).hasSize(4);
        // What the registry wants counts, but not beyond what we are ready to wait.
        assertThat(events)
                .extracting(event -> ((StoreEvent.Retrying) event).pause())
                .containsOnly(Duration.ofMillis(20));
    }

    @Test
    void what_no_repetition_mends_is_asked_once() {
        proxy.faults = seen -> new Answer(400);
        assertThatThrownBy(() -> repository.manifest("v1")).isInstanceOf(RegistryException.class);
        assertThat(proxy.requests).containsOnlyOnce("GET /v2/team/x/manifests/v1");
    }

    @Test
    void a_download_with_a_wrong_byte_is_refused_before_its_last_byte_is_handed_out() throws IOException {
        Descriptor blob = given(noise(5, SIZE));
        proxy.faults = first(1, Seen::isBlobRead, new CorruptResponse(SIZE / 2));
        try (InputStream in = repository.blob(blob)) {
            assertThatThrownBy(() -> in.readNBytes(SIZE)).isInstanceOf(VerificationException.class);
        }
        assertThat(pull(blob)).hasSize(SIZE);
    }

    @Test
    void an_upload_with_a_wrong_byte_on_the_way_is_not_stored_and_the_next_is() {
        byte[] bytes = noise(6, SIZE);
        Descriptor blob = layer(bytes);
        proxy.faults = first(1, Seen::isBlobWrite, new CorruptRequest(SIZE / 2));
        assertThatThrownBy(() -> repository.pushBlob(blob, BlobSource.of(bytes)))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("DIGEST_INVALID");
        assertThat(isStored(blob)).isFalse();
        repository.pushBlob(blob, BlobSource.of(bytes));
        assertThat(isStored(blob)).isTrue();
    }

    @Test
    void an_upload_of_a_damaged_file_is_given_up() {
        byte[] bytes = noise(7, SIZE);
        Descriptor blob = layer(bytes);
        byte[] damaged = bytes.clone();
        damaged[SIZE - 1] ^= 1;
        assertThatThrownBy(() -> repository.pushBlob(blob, BlobSource.of(damaged)))
                .isInstanceOf(VerificationException.class);
        assertThat(isStored(blob)).isFalse();
        assertThat(registry.unfinishedUploads()).isZero();
    }

    @Test
    void a_body_that_was_truncated_on_the_way_is_completed() throws IOException {
        Descriptor blob = given(noise(18, SIZE));
        proxy.faults = first(1, Seen::isBlobRead, new Truncate(SIZE / 3));
        assertThat(pull(blob)).hasSize(SIZE);
    }

    @Test
    void a_body_that_is_shorter_than_it_should_be_is_refused() {
        byte[] bytes = noise(8, SIZE);
        Descriptor blob = given(bytes);
        registry.content.put("team/x " + blob.digest(), Arrays.copyOf(bytes, SIZE / 3));
        assertThatThrownBy(() -> pull(blob))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("ends after " + SIZE / 3);
        assertThat(proxy.requests).hasSizeLessThan(4);
    }

    @Test
    void a_registry_that_sends_a_byte_now_and_then_does_not_hold_us() {
        beImpatient();
        Descriptor blob = given(noise(9, SIZE));
        proxy.faults = seen -> new Trickle(50);
        assertStops(() -> pull(blob), Duration.ofSeconds(20));
        assertStops(() -> repository.manifest("v1"), Duration.ofSeconds(20));
    }

    @Test
    void a_registry_that_stops_sending_is_asked_for_the_rest() throws IOException {
        beImpatient();
        byte[] bytes = noise(10, SIZE);
        Descriptor blob = given(bytes);
        proxy.faults = first(1, Seen::isBlobRead, new StallResponse(SIZE / 4));
        assertThat(pull(blob)).isEqualTo(bytes);
    }

    @Test
    void a_registry_that_stops_reading_gets_the_rest_by_another_connection() {
        beImpatient();
        byte[] bytes = noise(11, 40_000_000);
        Descriptor blob = layer(bytes);
        proxy.faults = first(1, Seen::isBlobWrite, new StallRequest(1_000_000));
        repository.pushBlob(blob, BlobSource.of(bytes));
        assertThat(isStored(blob)).isTrue();
        assertThat(proxy.uploaded.get()).isEqualTo(bytes.length);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void assertStops(Work work, Duration limit) {
        long start = System.nanoTime();
        RegistryException e = catchThrowableOfType(RegistryException.class, work::run);
        assertThat(e.retryable()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(limit);
    }

    @Test
    void an_interrupt_ends_a_transfer_at_once() throws InterruptedException {
        store.close();
        store = ImageStore.open(
                proxy.host() + "/team",
                options().stallTimeout(Duration.ofMinutes(1)).build());
        repository = store.repository("x");
        byte[] bytes = noise(12, 40_000_000);
        Descriptor there = given(noise(13, SIZE));
        proxy.faults = seen ->
                seen.isBlobWrite() ? new StallRequest(1000) : seen.isBlobRead() ? new StallResponse(1000) : new Pass();
        for (Work work : List.<Work>of(
                () -> pull(there),
                () -> repository.pushBlob(layer(bytes), BlobSource.of(bytes)),
                () -> repository.pushBlobs(List.of(
                        new BlobUpload(layer(bytes), BlobSource.of(bytes)),
                        new BlobUpload(layer(noise(14, SIZE)), BlobSource.of(noise(14, SIZE))))))) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            thread.start();
            Thread.sleep(500);
            assertThat(thread.isAlive()).isTrue();
            thread.interrupt();
            thread.join(5000);
            assertThat(thread.isAlive()).isFalse();
            assertThat(failure.get()).isInstanceOf(BuildCancelledException.class);
        }
    }

    @Test
    void tokens_that_end_half_way_are_renewed() throws IOException {
        registry.requestsForToken = 10;
        List<BlobUpload> blobs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            byte[] bytes = noise(100 + i, 300_000);
            blobs.add(new BlobUpload(layer(bytes), BlobSource.of(bytes)));
        }
        repository.pushBlobs(blobs);
        assertThat(blobs).allMatch(blob -> isStored(blob.descriptor()));
        for (BlobUpload blob : blobs) {
            assertThat(pull(blob.descriptor())).hasSize(300_000);
        }
        assertThat(registry.tokens.get()).isGreaterThan(4);
        // Even between the beginning of an upload and its end.
        registry.requestsForToken = 2;
        byte[] bytes = noise(99, SIZE);
        repository.pushBlob(layer(bytes), BlobSource.of(bytes));
        assertThat(isStored(layer(bytes))).isTrue();
        assertThat(events)
                .filteredOn(StoreEvent.CredentialsResolved.class::isInstance)
                .hasSize(1);
    }

    @Test
    void several_blobs_are_pushed_at_once_each_once_and_only_what_is_missing() {
        List<BlobUpload> blobs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            byte[] bytes = noise(200 + i, 100_000);
            blobs.add(new BlobUpload(layer(bytes), BlobSource.of(bytes)));
        }
        given(noise(200, 100_000));
        blobs.addAll(blobs);
        repository.pushBlobs(blobs);
        assertThat(proxy.uploaded.get()).isEqualTo(900_000);
        proxy.reset();
        repository.pushBlobs(blobs);
        assertThat(proxy.requests).hasSize(10).allMatch(request -> request.startsWith("HEAD "));
    }

    @Test
    void the_first_failure_ends_a_push_and_the_next_transfers_only_what_is_missing() {
        List<BlobUpload> blobs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] bytes = noise(300 + i, 100_000);
            blobs.add(new BlobUpload(layer(bytes), BlobSource.of(bytes)));
        }
        AtomicInteger writes = new AtomicInteger();
        proxy.faults = seen -> seen.isBlobWrite() && writes.incrementAndGet() > 8 ? new Answer(403) : new Pass();
        assertThatThrownBy(() -> repository.pushBlobs(blobs)).isInstanceOf(RegistryException.class);
        long stored = blobs.stream().filter(blob -> isStored(blob.descriptor())).count();
        assertThat(stored).isBetween(1L, 8L);
        proxy.reset();
        repository.pushBlobs(blobs);
        // The registry may have stored a blob that was on its way when the push ended, after these were counted.
        assertThat(proxy.uploaded.get() / 100_000.0).isBetween(12.0, 20.0 - stored);
        assertThat(proxy.uploaded.get() % 100_000).isZero();
        assertThat(blobs).allMatch(blob -> isStored(blob.descriptor()));
    }

    @Test
    void answers_that_are_no_http_are_failures_that_say_so() throws IOException {
        for (String answer : Arrays.asList(
                "garbage\r\n\r\n",
                "HTTP/1.1 200\r\nbroken\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nX: " + "y".repeat(100_000) + "\r\n\r\n",
                "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(1000) + "\r\n",
                "HTTP/1.1 307 Away\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 307 Away\r\nLocation: ://\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 100 Wait\r\n\r\n".repeat(100))) {
            try (RawServer server = new RawServer(answer);
                    ImageStore other = ImageStore.open(
                            server.host(),
                            options().retryPolicy(RetryPolicy.NONE).build())) {
                Descriptor blob = layer(new byte[10]);
                assertThatThrownBy(() -> other.repository("x").blob(blob).readAllBytes())
                        .as(answer.substring(0, Math.min(60, answer.length())))
                        .isInstanceOf(RegistryException.class);
            }
        }
    }
}
