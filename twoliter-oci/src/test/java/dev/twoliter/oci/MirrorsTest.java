package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Environment;
import dev.twoliter.api.VerificationException;
import dev.twoliter.testing.FaultProxy;
import dev.twoliter.testing.FaultProxy.Answer;
import dev.twoliter.testing.FaultProxy.CorruptResponse;
import dev.twoliter.testing.FaultProxy.CutResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry with a mirror, both behind proxies that count. */
class MirrorsTest {

    private static final RawManifest INDEX = ImageIndex.of(List.of()).toRaw();

    @TempDir
    Path directory;

    private final List<StoreEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final byte[] bytes = TransferFaultsTest.noise(1, 500_000);
    private final Descriptor blob = Descriptor.of(MediaTypes.LAYER_TAR, bytes);
    private PlayRegistry registry;
    private PlayRegistry copy;
    private FaultProxy origin;
    private FaultProxy mirror;
    private ImageStore store;
    private Repository repository;

    @BeforeEach
    void start() throws IOException {
        registry = new PlayRegistry();
        copy = new PlayRegistry();
        origin = FaultProxy.before(registry.host());
        mirror = FaultProxy.before(copy.host());
        registry.content.put("team/x " + blob.digest(), bytes);
        registry.content.put("team/x v1", INDEX.bytes());
        registry.content.put("team/x " + INDEX.digest(), INDEX.bytes());
        registry.content.forEach((name, content) -> copy.content.put("cache/" + name, content));
        open(StoreOptions.builder());
    }

    private void open(StoreOptions.Builder options) {
        store = ImageStore.open(
                origin.host() + "/team",
                options.environment(Environment.of(Map.of("HOME", directory.toString()), directory))
                        .retryPolicy(new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(5)))
                        .mirrors(origin.host(), List.of(mirror.host() + "/cache"))
                        .listener(events::add)
                        .build());
        repository = store.repository("x");
    }

    @AfterEach
    void stop() throws IOException {
        store.close();
        origin.close();
        mirror.close();
        registry.close();
        copy.close();
    }

    private byte[] pull() throws IOException {
        try (InputStream in = repository.blob(blob)) {
            return in.readAllBytes();
        }
    }

    @Test
    void what_a_digest_names_comes_from_the_mirror_and_tags_from_the_registry() throws IOException {
        assertThat(pull()).isEqualTo(bytes);
        assertThat(repository.manifest(INDEX.digest().toString())).isPresent();
        assertThat(origin.requests).isEmpty();
        assertThat(repository.manifest("v1")).isPresent();
        assertThat(origin.requests).containsExactly("GET /v2/team/x/manifests/v1");
        assertThat(mirror.requests)
                .containsExactly(
                        "GET /v2/cache/team/x/blobs/" + blob.digest(),
                        "GET /v2/cache/team/x/manifests/" + INDEX.digest());
        byte[] other = {1};
        repository.pushBlob(Descriptor.of(MediaTypes.LAYER_TAR, other), BlobSource.of(other));
        assertThat(mirror.requests).hasSize(2);
    }

    @Test
    void tags_come_from_the_mirror_where_that_is_wanted() {
        store.close();
        open(StoreOptions.builder().tagsFromMirrors(true));
        assertThat(repository.manifest("v1")).isPresent();
        assertThat(origin.requests).isEmpty();
    }

    @Test
    void what_the_mirror_lacks_comes_from_the_registry_without_a_word() throws IOException {
        copy.content.clear();
        assertThat(pull()).isEqualTo(bytes);
        assertThat(repository.manifest(INDEX.digest().toString())).isPresent();
        assertThat(mirror.requests).hasSize(2);
        assertThat(events).isEmpty();
    }

    @Test
    void a_mirror_that_fails_is_told_of_and_not_asked_again() throws IOException {
        mirror.faults = seen -> new Answer(503);
        assertThat(pull()).isEqualTo(bytes);
        assertThat(pull()).isEqualTo(bytes);
        assertThat(mirror.requests).hasSize(1);
        assertThat(events).containsExactly(new StoreEvent.MirrorSkipped(mirror.host(), "HTTP 503"));
    }

    @Test
    void a_download_that_a_mirror_breaks_off_goes_on_at_the_registry() throws IOException {
        mirror.faults = seen -> new CutResponse(200_000);
        assertThat(pull()).isEqualTo(bytes);
        assertThat(mirror.downloaded.get()).isEqualTo(200_000);
        assertThat(origin.downloaded.get()).isEqualTo(300_000);
    }

    @Test
    void a_mirror_that_lies_is_found_out_and_not_asked_again() throws IOException {
        mirror.faults = seen -> new CorruptResponse(10);
        assertThatThrownBy(this::pull).isInstanceOf(VerificationException.class);
        assertThat(events).hasSize(1).first().isInstanceOf(StoreEvent.MirrorSkipped.class);
        assertThat(pull()).isEqualTo(bytes);
        assertThat(mirror.requests).hasSize(1);
    }

    @Test
    void a_manifest_that_a_mirror_changes_is_not_taken() {
        mirror.faults = seen -> new CorruptResponse(10);
        assertThat(repository.manifest(INDEX.digest().toString()).orElseThrow().bytes())
                .isEqualTo(INDEX.bytes());
        assertThat(events).hasSize(1).first().isInstanceOf(StoreEvent.MirrorSkipped.class);
    }
}
