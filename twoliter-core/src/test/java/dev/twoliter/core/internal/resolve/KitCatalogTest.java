package dev.twoliter.core.internal.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.SemVer;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.plan.RunOptions;
import dev.twoliter.oci.BuiltImage;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageBuilder;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;
import dev.twoliter.oci.TarLayer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a registry is asked, and what its answers mean. */
class KitCatalogTest {

    @TempDir
    Path directory;

    private ImageStore store;
    private KitPublisher published;
    private HttpRegistry http;
    private int projects;

    @BeforeEach
    void publish() throws IOException {
        store = ImageStore.open(
                "oci:" + directory.resolve("registry"), StoreOptions.builder().build());
        published = new KitPublisher(store);
        published.sdk("acme-sdk 1.0.0");
        http = new HttpRegistry(directory.resolve("registry"));
    }

    @AfterEach
    void stop() throws IOException {
        http.close();
    }

    private ProjectSpec.Builder spec(String... kits) {
        ProjectSpec.Builder spec = ProjectSpec.builder()
                .releaseVersion("0.3.0")
                .vendor("acme", http.host())
                .sdk("acme-sdk", "1.0.0", "acme");
        for (String kit : kits) {
            var image = KitPublisher.image(kit);
            spec.dependsOnKit(image.name(), image.version().toString(), image.vendor());
        }
        return spec;
    }

    private Project project(String... kits) {
        return Twoliter.create(
                directory.resolve("os-" + ++projects),
                spec(kits).build(),
                Environment.of(Map.of(), directory.resolve("cache")));
    }

    private KitCatalog catalog(Vendors vendors) {
        return new KitCatalog(vendors, Optional.empty(), message -> {}, message -> {});
    }

    private Vendors vendors(UnaryOperator<RunOptions.Builder> options) {
        return new Vendors(
                spec().vendor("later", "other.example").build(),
                directory,
                Environment.of(Map.of(), directory.resolve("cache")),
                options.apply(RunOptions.builder()).build());
    }

    @Test
    void versions_are_listed_newest_first_without_what_only_looks_like_one() {
        Repository repository = store.repository("base-kit");
        for (String tag : List.of(
                "v1.0.0",
                "v1.0.0-metadata",
                "v1.0.0-0a1b2c3d-x86_64",
                "v1.0.0-0a1b2c3d-aarch64",
                "v1.0.0-rc.1",
                "v1.0.0-rc.1-metadata",
                "v1.0.0-rc.1-0a1b2c3d-aarch64",
                "v1.10.0",
                "v1.9.0",
                "v2.0.0-0422-10",
                "latest",
                "1.0.0",
                "v1.0",
                "v01.0.0",
                "sha256-" + "a".repeat(64) + ".sig")) {
            KitPublisher.index(repository, tag, List.of());
        }
        try (Vendors vendors = vendors(o -> o)) {
            assertThat(catalog(vendors).versions("acme", "base-kit"))
                    .extracting(SemVer::toString)
                    .containsExactly("2.0.0-0422-10", "1.10.0", "1.9.0", "1.0.0", "1.0.0-rc.1");
            assertThat(catalog(vendors).versions("acme", "no-such-kit")).isEmpty();
        }
    }

    @Test
    void each_manifest_is_read_once_in_a_run_and_only_indexes_in_the_next() {
        published.kit("top 1.0.0", "acme-sdk 1.0.0", "left 1.0.0", "right 1.0.0");
        published.kit("left 1.0.0", "acme-sdk 1.0.0", "low 1.0.0");
        published.kit("right 1.0.0", "acme-sdk 1.0.0", "low 1.0.0");
        published.kit("low 1.0.0", "acme-sdk 1.0.0");
        Lock lock = project("top 1.0.0").updateLock().lock();
        assertThat(http.requests).doesNotHaveDuplicates();
        // An index for each of five images; manifest and configuration of two architectures for each of four kits.
        assertThat(http.requests).hasSize(5 + 4 * 4);

        http.requests.clear();
        assertThat(project("top 1.0.0").updateLock().lock()).isEqualTo(lock);
        assertThat(http.requests)
                .containsExactlyInAnyOrder(
                        "GET /v2/top/manifests/v1.0.0",
                        "GET /v2/left/manifests/v1.0.0",
                        "GET /v2/right/manifests/v1.0.0",
                        "GET /v2/low/manifests/v1.0.0",
                        "GET /v2/acme-sdk/manifests/v1.0.0");
    }

    @Test
    void the_kits_of_a_level_are_read_at_once_but_not_more_than_asked_for() {
        String[] names = new String[8];
        for (int i = 0; i < names.length; i++) {
            names[i] = "kit-" + i + " 1.0.0";
            published.kit(names[i], "acme-sdk 1.0.0");
        }
        http.delayMillis = 30;
        Lock lock = project(names).updateLock(o -> o.jobs(4)).lock();
        assertThat(http.mostAtOnce.get()).isBetween(3, 4);
        assertThat(lock.kits())
                .extracting(LockedImage::name)
                .containsExactly("kit-0", "kit-1", "kit-2", "kit-3", "kit-4", "kit-5", "kit-6", "kit-7");
    }

    @Test
    void an_interrupted_update_ends_at_once() throws InterruptedException {
        published.kit("top 1.0.0", "acme-sdk 1.0.0");
        http.delayMillis = 20_000;
        Project project = project("top 1.0.0");
        List<Throwable> thrown = new ArrayList<>();
        Thread update = new Thread(() -> {
            try {
                project.updateLock();
            } catch (RuntimeException e) {
                thrown.add(e);
            }
        });
        update.start();
        while (http.atOnce.get() == 0) {
            Thread.sleep(10);
        }
        long start = System.nanoTime();
        update.interrupt();
        update.join(5000);
        assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
        assertThat(thrown).singleElement().isInstanceOf(dev.twoliter.api.BuildCancelledException.class);
    }

    // Metadata images

    private void publishMetadata(String kit, String document) {
        publishMetadata(kit, document, document);
    }

    /** The kit itself has no label, as the design has it. */
    private void publishMetadata(String kit, String x86, String arm) {
        ImageDependency image = KitPublisher.image(kit);
        published.publish(image.name(), image.version(), Map.of());
        Repository repository = store.repository(image.name());
        KitPublisher.index(
                repository,
                "v" + image.version() + "-metadata",
                List.of(pushMetadata(repository, Arch.X86_64, x86), pushMetadata(repository, Arch.AARCH64, arm)));
    }

    private Descriptor pushMetadata(Repository repository, Arch arch, String document, String... tags) {
        try {
            BuiltImage image = ImageBuilder.forArch(arch)
                    .addLayer(TarLayer.at(0)
                            .file("kit.json", document.getBytes(StandardCharsets.UTF_8), 0644)
                            .writeTo(Files.createTempFile(directory, "layer", ".tar")))
                    .build();
            return image.pushTo(repository, tags);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String kitJson(String arch, String suffix) {
        return "{\"kit\":{\"name\":\"my-kit\",\"version\":\"v0.1.0\",\"arch\":\"" + arch + "\",\"sdk\":\"" + http.host()
                + "/acme-sdk" + suffix + ":v1.0.0\",\"dependencies\":[\"" + http.host() + "/low" + suffix
                + ":v1.0.0\"]}}";
    }

    @Test
    void a_kit_without_labels_is_read_from_its_metadata_image() {
        published.kit("low 1.0.0", "acme-sdk 1.0.0");
        publishMetadata("my-kit 0.1.0", kitJson("x86_64", "-x86_64"), kitJson("aarch64", "-aarch64"));
        assertThat(project("my-kit 0.1.0").updateLock().lock().kits())
                .extracting(LockedImage::toString)
                .containsExactly("my-kit-0.1.0@acme", "low-1.0.0@acme");
    }

    @Test
    void a_metadata_image_of_one_architecture_needs_no_index() {
        published.kit("low 1.0.0", "acme-sdk 1.0.0");
        published.publish("my-kit", SemVer.parse("0.1.0"), Map.of());
        pushMetadata(store.repository("my-kit"), Arch.X86_64, kitJson("x86_64", ""), "v0.1.0-metadata");
        assertThat(project("my-kit 0.1.0").updateLock().lock().kits()).hasSize(2);
    }

    @Test
    void metadata_that_cannot_be_used_is_refused_by_name() {
        String good = kitJson("x86_64", "");
        for (Map.Entry<String, String> bad : Map.of(
                        good.replace(http.host() + "/low", "elsewhere.example/os/low"),
                        "no vendor of Twoliter.toml has the registry 'elsewhere.example/os'",
                        good.replace("/low:v1.0.0", "/low:latest"),
                        "is not REGISTRY/NAME:vVERSION",
                        good.replace("x86_64", "z80"),
                        "unknown architecture 'z80'",
                        good.replace("\"sdk\"", "\"skd\""),
                        "has no 'sdk'",
                        "{\"kit\":",
                        "is not JSON",
                        good.replace("v0.1.0", "0.1.0"),
                        "no usable 'name' and 'version'")
                .entrySet()) {
            publishMetadata("my-kit 0.1.0", bad.getKey());
            assertThatThrownBy(() -> project("my-kit 0.1.0").updateLock())
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("my-kit:v0.1.0-metadata")
                    .hasMessageContaining(bad.getValue());
        }
        publishMetadata("my-kit 0.1.0", good, kitJson("aarch64", "").replace("/low:v1.0.0", "/low:v2.0.0"));
        assertThatThrownBy(() -> project("my-kit 0.1.0").updateLock())
                .hasMessageContaining("the metadata of its architectures differs");
    }

    @Test
    void what_is_written_to_a_metadata_image_reads_back_as_the_label_says() {
        KitLabel label = KitLabel.parse(
                "x", KitPublisher.label("top 1.2.3-rc.1", "acme-sdk 1.0.0", "low 1.0.0", "far 2.0.0 other"));
        Map<String, String> registries =
                Map.of("acme", "reg.example/os", "other", "oci:../registry", "twin", "reg.example/os");
        byte[] document = KitJson.write(
                label.name(),
                label.version().toString(),
                Arch.AARCH64,
                "reg.example/os/acme-sdk:v1.0.0",
                label.kits().stream()
                        .map(kit -> registries.get(kit.vendor()) + "/" + kit.name() + ":v" + kit.version())
                        .toList());
        assertThat(KitJson.parse("x", document, "acme", registries)).isEqualTo(label);
    }
}
