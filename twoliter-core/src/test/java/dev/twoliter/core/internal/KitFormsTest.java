package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.KitDiff;
import dev.twoliter.api.KitMetadata;
import dev.twoliter.api.PackageChange;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.Twoliter;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageBuilder;
import dev.twoliter.oci.ImageConfig;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.ImageReader;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.TarLayer;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One kit in the forms in which kits are found: as we make it, as upstream does, compressed, and in one layer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class KitFormsTest {

    private static final String LABEL = "dev.bottlerocket.kit.v3";

    @TempDir
    static Path directory;

    private Demo demo;
    private Path built;

    @BeforeAll
    void publish() throws IOException {
        demo = new Demo(Files.createDirectory(directory.resolve("world")));
        demo.publishSdk("0.50.0");
        Project base = demo.baseProject();
        demo.publishBase(base);
        built = base.directory().resolve("build/kits/base-kit/x86_64");
        publishAs("upstream-kit", upstream(false));
        publishAs("one-layer-kit", upstream(true));
    }

    private Repository ours() {
        return demo.repository("base-kit");
    }

    /** By upstream's rules (project-formats.md 3.3, 3.4): everything at the root, a plain layer each, one label. */
    private ImageBuilder upstream(boolean oneLayer) throws IOException {
        ImageManifest image = ImageManifest.parse(
                "ours",
                ImageReader.manifest(
                                ours(),
                                ImageIndex.parse(
                                                "i",
                                                ImageReader.manifest(ours(), "v2.1.0")
                                                        .bytes())
                                        .manifests()
                                        .get(0)
                                        .digest()
                                        .toString())
                        .bytes());
        ImageConfig config = ImageReader.config(ours(), image);
        ImageBuilder builder =
                ImageBuilder.forArch(Arch.X86_64).label(LABEL, config.labels().get(LABEL));
        TarLayer all = TarLayer.at(0);
        List<Path> parts;
        try (Stream<Path> packages = Files.list(built.resolve("Packages"))) {
            parts = Stream.concat(packages.sorted(), Stream.of(built.resolve("repodata")))
                    .toList();
        }
        for (Path part : parts) {
            TarLayer layer = oneLayer ? all : TarLayer.at(0);
            try (Stream<Path> files = Files.list(part)) {
                files.forEach(file -> layer.file(built.relativize(file).toString(), file, 0644));
            }
            if (!oneLayer) {
                builder.addLayer(layer.writeTo(directory.resolve("up-" + part.getFileName() + ".tar")));
            }
        }
        return oneLayer ? builder.addLayer(all.writeTo(directory.resolve("one.tar"))) : builder;
    }

    private void publishAs(String name, ImageBuilder image) {
        Repository repository = demo.repository(name);
        Descriptor pushed = image.build().pushTo(repository);
        repository.pushManifest(ImageIndex.of(List.of(pushed)).toRaw(), "v2.1.0");
    }

    private void compressWithSkopeo(String format) {
        Command.output(
                "skopeo",
                "copy",
                "--all",
                "--dest-compress-format=" + format,
                "oci:" + demo.registryDirectory().resolve("base-kit") + ":v2.1.0",
                "oci:" + demo.registryDirectory().resolve(format + "-kit") + ":v2.1.0");
    }

    private Map<String, Digest> fetched(String kit) throws IOException {
        ProjectSpec spec = ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .vendor(Demo.VENDOR, Demo.REGISTRY)
                .sdk("acme-sdk", "0.50.0", Demo.VENDOR)
                .addOverride(new dev.twoliter.api.ImageOverride(Demo.VENDOR, "base-kit", null, kit))
                .dependsOnKit("base-kit", "2.1.0", Demo.VENDOR)
                .build();
        Project project = Twoliter.create(demo.directory.resolve("fetch-" + kit), spec, demo.environment);
        project.updateLock().write();
        project.fetch(Arch.X86_64);
        Path tree = project.directory().resolve("build/external-kits/acme/base-kit/x86_64");
        Map<String, Digest> files = new TreeMap<>();
        for (String part : List.of("Packages", "repodata")) {
            try (Stream<Path> all = Files.walk(tree.resolve(part), FileVisitOption.FOLLOW_LINKS)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    files.put(tree.relativize(file).toString(), Digest.ofBytes(Files.readAllBytes(file)));
                }
            }
        }
        return files;
    }

    @Test
    @Peer("skopeo")
    void all_forms_fetch_to_the_same_tree() throws IOException {
        Map<String, Digest> expected = fetched("base-kit");
        assertThat(expected).hasSizeGreaterThan(8).containsKey("repodata/repomd.xml");
        compressWithSkopeo("gzip");
        compressWithSkopeo("zstd");
        for (String kit : List.of("upstream-kit", "one-layer-kit", "gzip-kit", "zstd-kit")) {
            assertThat(fetched(kit)).as(kit).isEqualTo(expected);
            KitDiff same = Twoliter.compareKits(ref("base-kit", "v2.1.0"), ref(kit, "v2.1.0"), Arch.X86_64);
            assertThat(same.isEmpty()).as(kit).isTrue();
            assertThat(same.unchanged()).isEqualTo(3);
        }
    }

    private ImageRef ref(String kit, String tag) {
        return ImageRef.tagged("oci:" + demo.registryDirectory(), kit, tag);
    }

    @Test
    void two_releases_differ_in_packages_sdk_and_kits() throws IOException {
        demo.publishSdk("0.51.0");
        Path home = demo.directory.resolve("next");
        ProjectSpec next = ProjectSpec.builder()
                .releaseVersion("2.2.0")
                .vendor(Demo.VENDOR, Demo.REGISTRY)
                .sdk("acme-sdk", "0.51.0", Demo.VENDOR)
                .addPackage("motd", p -> p.version("1.1").summary("A greeting").license("MIT"))
                .addPackage(
                        "release",
                        p -> p.version("0.9").summary("What the system is").license("MIT"))
                .addPackage("extra", p -> p.version("1.0").summary("More").license("MIT"))
                .addKit("base-kit", k -> k.packages("motd", "release", "extra"))
                .build();
        Project project = Twoliter.create(home, next, demo.environment);
        project.updateLock().write();
        project.plan(b -> b.kit("base-kit").arch(Arch.X86_64)).run();
        project.publish(p -> p.kit("base-kit").to(Demo.VENDOR).allowUnsigned()).run();

        KitDiff diff = Twoliter.compareKits(ref("base-kit", "v2.1.0"), ref("base-kit", "v2.2.0"));

        assertThat(diff.arch()).isEqualTo(Arch.X86_64);
        assertThat(diff.dependencies()).containsExactly("SDK acme-sdk 0.50.0 -> 0.51.0");
        assertThat(diff.packages())
                .extracting(change -> change.name() + " " + change.kind())
                .containsExactly(
                        "bottlerocket-extra ADDED",
                        "bottlerocket-host-ctr REMOVED",
                        "bottlerocket-motd UPGRADED",
                        "bottlerocket-release DOWNGRADED");
        assertThat(diff.unchanged()).isZero();
        assertThat(diff.isEmpty()).isFalse();
        PackageChange motd = diff.packages(PackageChange.Kind.UPGRADED).get(0);
        assertThat(motd.before().orElseThrow().evr()).startsWith("1.0-1.");
        assertThat(motd.after().orElseThrow().size()).isPositive();
        assertThat(motd.toString()).matches("bottlerocket-motd 1\\.0-1\\.\\S+ -> 1\\.1-1\\.\\S+");
        assertThat(diff.before().size()).isPositive().isNotEqualTo(diff.after().size());
        assertThat(Twoliter.compareKits(ref("base-kit", "v2.2.0"), ref("base-kit", "v2.1.0"))
                        .packages(PackageChange.Kind.ADDED)
                        .get(0)
                        .toString())
                .startsWith("bottlerocket-host-ctr added at 1.0-1.");
    }

    @Test
    void only_the_layer_with_the_index_is_read_whole() throws IOException {
        long packages;
        try (Stream<Path> all = Files.walk(demo.registryDirectory().resolve("base-kit/blobs"))) {
            packages = all.filter(Files::isRegularFile).count();
        }
        assertThat(packages).isGreaterThan(10);
        // A byte that is wrong in the middle of every package's layer is not noticed, because nobody reads it.
        Repository repository = ours();
        ImageIndex index =
                ImageIndex.parse("i", ImageReader.manifest(repository, "v2.1.0").bytes());
        ImageManifest image = ImageManifest.parse(
                "m",
                ImageReader.manifest(
                                repository, index.manifests().get(0).digest().toString())
                        .bytes());
        List<Descriptor> layers = image.layers();
        for (int i = 0; i < layers.size() - 1; i++) {
            flip(layers.get(i));
        }
        try {
            assertThat(Twoliter.compareKits(ref("base-kit", "v2.1.0"), ref("upstream-kit", "v2.1.0"), Arch.X86_64)
                            .isEmpty())
                    .isTrue();
        } finally {
            for (int i = 0; i < layers.size() - 1; i++) {
                flip(layers.get(i));
            }
        }
    }

    private void flip(Descriptor layer) throws IOException {
        Path blob = demo.registryDirectory()
                .resolve("base-kit/blobs/sha256/" + layer.digest().hex());
        Damage.flipByte(blob, Files.size(blob) - 2000);
    }

    @Test
    void what_is_no_kit_or_not_there_is_said() {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Twoliter.compareKits(ref("base-kit", "v2.1.0"), ref("acme-sdk", "v0.50.0")))
                .withMessageContaining("acme-sdk:v0.50.0: the image is no kit");
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> Twoliter.compareKits(ref("base-kit", "v9"), ref("base-kit", "v2.1.0")))
                .withMessageContaining("base-kit:v9 does not exist");
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() ->
                        Twoliter.compareKits(ref("base-kit", "v2.1.0"), ref("upstream-kit", "v2.1.0"), Arch.AARCH64))
                .withMessageContaining("the kit was not published for aarch64");
    }

    @Test
    void a_kit_says_what_it_is() {
        Map<String, String> labels = dev.twoliter.oci.ImageInspection.of(ours(), "v2.1.0")
                .images()
                .get(0)
                .labels();

        KitMetadata kit = Twoliter.kitMetadata(labels).orElseThrow();

        assertThat(kit.name()).isEqualTo("base-kit");
        assertThat(kit.version()).hasToString("2.1.0");
        assertThat(kit.sdk()).hasToString("acme-sdk-0.50.0@acme");
        assertThat(kit.kits()).isEmpty();
        assertThat(Twoliter.kitMetadata(Map.of("maintainer", "me"))).isEmpty();
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Twoliter.kitMetadata(Map.of(LABEL, "%%%")))
                .withMessageContaining("not base64");
    }
}
