package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FetchResult;
import dev.twoliter.api.LockException;
import dev.twoliter.api.Project;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageKeys;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.ImageSignatures;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.SignatureForm;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kits are pulled over http, and offline they come from the cache. */
@Timeout(120)
class FetchTest extends FetchWorld {

    @Test
    void layers_are_pulled_several_at_once_and_each_once() throws IOException {
        Project project = locked(project("2.2.0"));
        http.requests.clear();
        http.mostAtOnce.set(0);
        http.delayMillis = 30;
        FetchResult result = project.fetch(List.of(Arch.X86_64), o -> o.jobs(3));
        assertThat(result.kits())
                .singleElement()
                .satisfies(kit -> assertThat(kit.fresh()).isTrue());
        assertThat(http.mostAtOnce.get()).isEqualTo(3);
        assertThat(blobRequests()).hasSize(LAYERS + 4).doesNotHaveDuplicates();
        // Index, manifest and signature came with the update; only layers are asked for.
        assertThat(http.requests).isEqualTo(blobRequests());
        assertComplete(project);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_download_that_was_cut_short_goes_on_from_its_last_byte(boolean ignoresRanges) throws IOException {
        Project project = locked(project("2.2.0"));
        http.bytesSent.set(0);
        http.bytesLeft.set(LAYERS * LAYER / 2);
        RegistryException cut =
                refused(RegistryException.class, () -> project.fetch(List.of(Arch.X86_64), o -> o.jobs(1)));
        assertThat(cut).hasMessageContaining("base-kit").hasMessageContaining("broke off after");
        assertThat(cut.retryable()).isTrue();
        assertThat(tree(project)).doesNotExist();
        // The next layer may have begun, too, but nothing came of it.
        List<Long> partial = new ArrayList<>();
        for (Path part : partial(project)) {
            if (Files.size(part) > 0) {
                partial.add(Files.size(part));
            }
        }
        assertThat(partial).hasSize(1);
        long had = partial.get(0);

        long sentBefore = http.bytesSent.get();
        http.ignoresRanges = ignoresRanges;
        http.requests.clear();
        http.bytesLeft.set(Long.MAX_VALUE);
        project.fetch(List.of(Arch.X86_64), o -> o.jobs(1));
        assertComplete(project);
        assertThat(partial(project)).isEmpty();
        if (!ignoresRanges) {
            assertThat(http.requests).anyMatch(request -> request.endsWith(" from " + had));
            assertThat(http.bytesSent.get()).isEqualTo(total(project));
        } else {
            assertThat(http.bytesSent.get() - sentBefore).isGreaterThan(total(project) - sentBefore);
        }
    }

    /** How large all layers are. */
    private long total(Project project) throws IOException {
        Repository repository = demo.repository("base-kit");
        Digest image = Digest.parse(Files.readString(tree(project).resolve("digest")));
        return ImageManifest.parse("", manifest(repository, image.toString())).layers().stream()
                .mapToLong(Descriptor::size)
                .sum();
    }

    @Test
    void a_partial_download_that_was_damaged_is_begun_anew() throws IOException {
        Project project = locked(project("2.2.0"));
        http.bytesLeft.set(LAYERS * LAYER / 2);
        refused(RegistryException.class, () -> project.fetch(List.of(Arch.X86_64), o -> o.jobs(1)));
        Damage.flipByte(partial(project).get(0), 10);
        http.bytesLeft.set(Long.MAX_VALUE);
        project.fetch(Arch.X86_64);
        assertComplete(project);
    }

    @Test
    void a_connection_that_breaks_once_is_made_again_in_the_same_run() throws IOException {
        Project project = locked(project("2.2.0"));
        http.cutOnceAfter.set(LAYER / 2);
        project.fetch(List.of(Arch.X86_64), o -> o.jobs(1));
        assertComplete(project);
        assertThat(http.requests).anyMatch(request -> request.contains(" from "));
    }

    @Test
    void nothing_is_unpacked_before_everything_is_verified() throws IOException {
        Project project = locked(project("2.2.0"));
        Path registry = demo.registryDirectory().resolve("base-kit");
        Repository repository = demo.repository("base-kit");
        Descriptor entry = ImageIndex.parse("", manifest(repository, "v2.2.0")).manifests().stream()
                .filter(e -> e.platform()
                        .filter(p -> p.architecture().equals("amd64"))
                        .isPresent())
                .findFirst()
                .orElseThrow();
        List<Descriptor> layers = ImageManifest.parse(
                        "", manifest(repository, entry.digest().toString()))
                .layers();
        Path last = registry.resolve("blobs/sha256")
                .resolve(layers.get(layers.size() - 1).digest().hex());
        Damage.flipByte(last, LAYER / 2);
        List<String> told = new ArrayList<>();
        try {
            refused(
                    VerificationException.class,
                    () -> project.fetch(List.of(Arch.X86_64), o -> o.listener(event -> told.add(event.toString()))));
        } finally {
            Damage.flipByte(last, LAYER / 2);
        }
        assertThat(told).isNotEmpty().noneMatch(event -> event.contains("unpacking"));
        assertThat(tree(project)).doesNotExist();
        project.fetch(Arch.X86_64);
        assertComplete(project);
    }

    @Test
    void two_processes_that_want_one_kit_pull_it_once() throws IOException, InterruptedException {
        Project one = locked(project("2.2.0", "shared"));
        Project other = locked(project("2.2.0", "shared"));
        http.requests.clear();
        http.delayMillis = 100;
        Path cache = directory.resolve("shared");
        try (ChildBuild first = ChildBuild.start(one.directory(), cache, "fetch");
                ChildBuild second = ChildBuild.start(other.directory(), cache, "fetch")) {
            first.awaitSuccess();
            second.awaitSuccess();
        }
        assertComplete(one);
        assertComplete(other);
        assertThat(blobRequests()).hasSize(LAYERS + 4).doesNotHaveDuplicates();
    }

    @Test
    void a_killed_process_leaves_what_the_next_one_goes_on_from() throws IOException, InterruptedException {
        Project project = locked(project("2.2.0", "killed"));
        http.requests.clear();
        http.delayMillis = 200;
        try (ChildBuild child = ChildBuild.start(project.directory(), directory.resolve("killed"), "fetch")) {
            while (blobRequests().size() < 4) {
                Thread.sleep(10);
            }
            child.kill();
        }
        http.delayMillis = 0;
        project.fetch(Arch.X86_64);
        assertComplete(project);
    }

    @Test
    void gzip_layers_are_unpacked() throws IOException {
        republish("v2.3.0", tar -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
                gzip.write(tar);
            }
            return bytes.toByteArray();
        });
        Project project = locked(project("2.3.0"));
        project.fetch(Arch.X86_64);
        assertComplete(project);
    }

    @Test
    @Peer("zstd")
    void zstd_layers_are_unpacked() throws IOException {
        republish("v2.4.0", tar -> {
            Path plain = Files.write(Files.createTempFile(directory, "layer", ".tar"), tar);
            Command.output("zstd", "-q", plain);
            return Files.readAllBytes(plain.resolveSibling(plain.getFileName() + ".zst"));
        });
        Project project = locked(project("2.4.0"));
        project.fetch(Arch.X86_64);
        assertComplete(project);
    }

    @Test
    void other_spellings_of_architectures_lead_to_the_usual_directories() {
        Project project = locked(project("2.2.0"));
        project.fetch(Arch.parse("amd64"), Arch.parse("arm64"));
        Path kit = project.directory().resolve("build/external-kits/acme/base-kit");
        assertThat(kit.resolve("x86_64/digest")).exists();
        assertThat(kit.resolve("aarch64/digest")).exists();
        assertThat(kit.toFile().list()).hasSize(2);
    }

    @Test
    void the_files_of_upstream_say_what_was_verified() throws IOException {
        Project project = locked(project("2.2.0"));
        project.fetch(Arch.X86_64);
        Path external = project.directory().resolve("build/external-kits");
        assertThat(external.resolve(".sdk-verified"))
                .hasContent("[\"acme-sdk-0.50.0@acme (oci:../registry/acme-sdk:v0.50.0)\"]");
        assertThat(external.resolve(".kits-verified"))
                .hasContent("[\"base-kit-2.2.0@acme (oci:../registry/base-kit:v2.2.0)\"]");
        var sdk = project.lock().orElseThrow().sdk();
        var kit = project.lock().orElseThrow().kits().get(0);
        assertThat(Files.readString(external.resolve("external-kit-metadata.json")))
                .isEqualTo("{\"kit\":[{\"digest\":\"" + kit.digest()
                        + "\",\"name\":\"base-kit\",\"source\":\"oci:../registry/base-kit:v2.2.0\",\"vendor\":\"acme\","
                        + "\"version\":\"2.2.0\"}],\"project_vendor\":\"Bottlerocket\",\"sdk\":{\"digest\":\""
                        + sdk.digest()
                        + "\",\"name\":\"acme-sdk\",\"source\":\"oci:../registry/acme-sdk:v0.50.0\",\"vendor\":\"acme\","
                        + "\"version\":\"0.50.0\"}}");

        // A fetch that fails afterwards takes the marks back.
        Files.delete(tree(project).resolve("digest"));
        http.close();
        try (Stream<Path> blobs =
                Files.list(directory.resolve("cache-" + worlds).resolve("blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                Files.delete(blob);
            }
        }
        assertThatThrownBy(() -> project.fetch(Arch.X86_64)).isInstanceOf(TwoliterException.class);
        assertThat(external.resolve(".sdk-verified")).doesNotExist();
        assertThat(external.resolve(".kits-verified")).doesNotExist();
    }

    @Test
    void progress_is_told_ten_times_a_second_at_most_and_at_the_end() {
        Project project = locked(project("2.2.0"));
        http.delayMillis = 50;
        List<BuildEvent.TransferProgress> told = new ArrayList<>();
        Instant start = Instant.now();
        project.fetch(
                List.of(Arch.X86_64),
                o -> o.jobs(2).listener(event -> {
                    if (event instanceof BuildEvent.TransferProgress progress) {
                        told.add(progress);
                    }
                }));
        long tenths = Duration.between(start, Instant.now()).toMillis() / 100;
        assertThat(told).isNotEmpty();
        assertThat((long) told.size()).isLessThanOrEqualTo(tenths + 2);
        BuildEvent.TransferProgress last = told.get(told.size() - 1);
        assertThat(last.bytes()).isEqualTo(last.total()).isGreaterThan((long) LAYERS * LAYER);
        assertThat(last.what()).contains("base-kit:v2.2.0");
        assertThat(told).extracting(BuildEvent.TransferProgress::bytes).isSorted();
    }

    // Offline

    private static final UnaryOperator<dev.twoliter.api.plan.RunOptions.Builder> OFFLINE = o -> o.offline(true);

    @Test
    void offline_everything_comes_from_the_cache_and_nobody_is_asked() throws IOException {
        Project project = locked(project("2.2.0"));
        var lock = project.lock().orElseThrow();
        project.fetch(Arch.X86_64);
        project.clean();
        http.requests.clear();
        assertThat(project.updateLock(OFFLINE).lock()).isEqualTo(lock);
        assertThat(project.updateLock(OFFLINE).changes()).isEmpty();
        project.fetch(List.of(Arch.X86_64), OFFLINE);
        assertComplete(project);
        assertThat(http.requests).isEmpty();
        http.close();
        assertThat(project.updateLock(OFFLINE).changes()).isEmpty();
    }

    @Test
    void offline_an_image_that_is_not_cached_is_named_with_what_to_do() throws IOException {
        Project project = locked(project("2.2.0"));
        http.requests.clear();
        RegistryException layers = refused(RegistryException.class, () -> project.fetch(List.of(Arch.X86_64), OFFLINE));
        assertThat(layers)
                .hasMessageContaining("/base-kit:v2.2.0 is not in the cache: its blob sha256:")
                .hasMessageContaining("offline");
        assertThat(layers.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("once with a network"));

        Path elsewhere = directory.resolve("empty-" + worlds);
        Project fresh = Twoliter.open(
                project.directory(),
                dev.twoliter.api.Environment.of(Map.of("TWOLITER_REGISTRY_ATTEMPTS", "2"), elsewhere));
        assertThat(refused(RegistryException.class, () -> fresh.updateLock(OFFLINE)))
                .hasMessageContaining("/base-kit:v2.2.0 is not in the cache: its index is missing");
        assertThat(refused(RegistryException.class, () -> fresh.fetch(List.of(Arch.X86_64), OFFLINE)))
                .hasMessageContaining("is not in the cache: its index is missing");

        Path toml = project.directory().resolve("Twoliter.toml");
        Files.writeString(toml, Files.readString(toml).replace("2.2.0", "2.1.0"));
        Project changed = Twoliter.open(
                project.directory(),
                dev.twoliter.api.Environment.of(
                        Map.of("TWOLITER_REGISTRY_ATTEMPTS", "2"), directory.resolve("cache-" + worlds)));
        assertThat(refused(RegistryException.class, () -> changed.updateLock(OFFLINE)))
                .hasMessageContaining(
                        "/base-kit:v2.1.0 is not in the cache: its index, which Twoliter.lock does not pin");
        assertThat(http.requests).isEmpty();
    }

    @Test
    void offline_a_lock_that_was_edited_is_told_apart() throws IOException {
        Project project = locked(project("2.2.0"));
        Path file = project.directory().resolve("Twoliter.lock");
        String text = Files.readString(file);
        Files.writeString(
                file,
                text.substring(0, text.indexOf("project-vendor")) + "project-vendor = \"Else\"\n"
                        + text.substring(text.indexOf("\n[sdk]")));
        assertThat(project.updateLock(OFFLINE).lock().projectVendor()).isEqualTo("Bottlerocket");
        assertThatThrownBy(() -> project.fetch(List.of(Arch.X86_64), OFFLINE))
                .isInstanceOf(LockException.class)
                .hasMessageContaining("project-vendor");
    }

    @Test
    void a_kit_that_is_signed_with_a_bundle_is_trusted_also_offline() {
        Repository repository = demo.repository("base-kit");
        ImageIndex index = new ImageIndex(
                ImageIndex.parse("", manifest(repository, "v2.2.0")).manifests(), Map.of("signed", "with a bundle"));
        Digest digest = repository.pushManifest(index.toRaw(), "v2.6.0").digest();
        Project project = project("2.6.0");
        assertThat(refused(VerificationException.class, project::updateLock)).hasMessageContaining("it is not signed");
        ImageSignatures.sign(repository, digest, ImageKeys.load(demo.keys.imageKey()), SignatureForm.BUNDLE);
        locked(project).fetch(Arch.X86_64);
        http.requests.clear();
        assertThat(project.updateLock(OFFLINE).changes()).isEmpty();
        project.clean();
        project.fetch(List.of(Arch.X86_64), OFFLINE);
        assertThat(http.requests).isEmpty();
    }

    @Test
    void offline_registries_on_disk_are_read() {
        Project os = demo.osProject();
        assertThat(os.updateLock(OFFLINE).changes()).isEmpty();
        os.fetch(List.of(Arch.X86_64), OFFLINE);
        assertThat(os.plan(b -> b.kit("hello-kit").arch(Arch.X86_64))
                        .run(OFFLINE)
                        .kits())
                .hasSize(1);
    }
}
