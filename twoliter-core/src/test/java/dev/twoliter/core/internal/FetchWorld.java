package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.api.ImageOverride;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.core.internal.resolve.HttpRegistry;
import dev.twoliter.oci.BlobSource;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageKeys;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.ImageSignatures;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.TarLayer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A registry over http with a kit of many layers, and projects that fetch it, each with a cache of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FetchWorld {

    static final int LAYERS = 6;
    static final int LAYER = 400_000;

    /** Gives a layer other bytes. */
    interface Recoding {
        byte[] of(byte[] tar) throws IOException;
    }

    @TempDir
    static Path directory;

    Demo demo;
    HttpRegistry http;
    int worlds;

    @BeforeAll
    final void publish() throws IOException {
        demo = new Demo(Files.createDirectory(directory.resolve("world")));
        demo.publishSdk("0.50.0");
        demo.publishBase(demo.baseProject());
        republish("v2.2.0", layer -> layer);
    }

    @BeforeEach
    final void serve() throws IOException {
        http = new HttpRegistry(demo.registryDirectory());
    }

    @AfterEach
    final void stop() throws IOException {
        http.close();
    }

    /** Publishes the base kit under another tag: with more and larger layers, and with its own encoded anew. */
    void republish(String tag, Recoding recoding, byte[]... more) throws IOException {
        Repository repository = demo.repository("base-kit");
        List<Descriptor> entries = new ArrayList<>();
        for (Descriptor entry :
                ImageIndex.parse("", manifest(repository, "v2.1.0")).manifests()) {
            ImageManifest image =
                    ImageManifest.parse("", manifest(repository, entry.digest().toString()));
            List<Descriptor> layers = new ArrayList<>();
            for (Descriptor layer : image.layers()) {
                try (InputStream in = repository.blob(layer)) {
                    layers.add(push(repository, layer.mediaType(), recoding.of(in.readAllBytes())));
                }
            }
            for (int i = 0; i < LAYERS; i++) {
                byte[] noise = new byte[LAYER];
                new Random(i).nextBytes(noise);
                Path tar = Files.createTempFile(directory, "layer", ".tar");
                TarLayer.at(0).file("noise/" + i, noise, 0644).writeTo(tar);
                layers.add(push(repository, image.layers().get(0).mediaType(), recoding.of(Files.readAllBytes(tar))));
            }
            for (byte[] layer : more) {
                layers.add(push(repository, image.layers().get(0).mediaType(), layer));
            }
            Descriptor pushed = repository.pushManifest(new ImageManifest(image.config(), layers, Map.of()).toRaw());
            entries.add(pushed.withPlatform(entry.platform().orElseThrow()));
        }
        // As BuildKit adds them: an attestation for no machine, and one that does not even say so.
        entries.add(0, entries.get(0).withPlatform(new dev.twoliter.oci.Platform("unknown", "unknown")));
        entries.add(
                1,
                Descriptor.of(
                        entries.get(1).mediaType(),
                        entries.get(1).digest(),
                        entries.get(1).size()));
        RawManifest index = ImageIndex.of(entries).toRaw();
        repository.pushManifest(index, tag);
        ImageSignatures.sign(repository, index.digest(), ImageKeys.load(demo.keys.imageKey()));
    }

    static byte[] manifest(Repository repository, String reference) {
        return repository.manifest(reference).orElseThrow().bytes();
    }

    static Descriptor push(Repository repository, String type, byte[] content) {
        Descriptor blob = Descriptor.of(type, content);
        repository.pushBlob(blob, BlobSource.of(content));
        return blob;
    }

    /** A project that gets its images over http, with a cache of its own. */
    Project project(String version) {
        return project(version, "cache-" + (worlds + 1));
    }

    Project project(String version, String cache) {
        ProjectSpec spec = ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .vendor(Demo.VENDOR, Demo.REGISTRY)
                .trust(demo.osSpec().trust().get(Demo.VENDOR))
                .sdk("acme-sdk", "0.50.0", Demo.VENDOR)
                .dependsOnKit("base-kit", version, Demo.VENDOR)
                .addOverride(new ImageOverride(Demo.VENDOR, "base-kit", http.host(), null))
                .addOverride(new ImageOverride(Demo.VENDOR, "acme-sdk", http.host(), null))
                .build();
        return Twoliter.create(
                demo.directory.resolve("fetch-" + ++worlds),
                spec,
                dev.twoliter.api.Environment.of(Map.of("TWOLITER_REGISTRY_ATTEMPTS", "2"), directory.resolve(cache)));
    }

    static Project locked(Project project) {
        project.updateLock().write();
        return project;
    }

    static Path tree(Project project) {
        return project.directory().resolve("build/external-kits/acme/base-kit/x86_64");
    }

    static void assertComplete(Project project) throws IOException {
        Path tree = tree(project);
        for (int i = 0; i < LAYERS; i++) {
            byte[] noise = new byte[LAYER];
            new Random(i).nextBytes(noise);
            assertThat(tree.resolve("noise/" + i)).hasBinaryContent(noise);
        }
        assertThat(tree.resolve("digest")).content().matches("sha256:[0-9a-f]{64}");
        assertThat(tree.resolve("kits/base-kit/repodata/repomd.xml")).exists();
    }

    List<String> blobRequests() {
        synchronized (http.requests) {
            return http.requests.stream()
                    .filter(request -> request.startsWith("GET") && request.contains("/blobs/"))
                    .toList();
        }
    }

    List<Path> partial(Project project) throws IOException {
        Path blobs = directory.resolve("cache-" + worlds).resolve("blobs/sha256");
        assertThat(project.directory()).exists();
        try (Stream<Path> files = Files.list(blobs)) {
            return files.filter(file -> file.toString().endsWith(".part")).toList();
        }
    }

    static <T extends TwoliterException> T refused(
            Class<T> kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        T refusal = catchThrowableOfType(kind, call);
        assertThat(refusal).as("nothing was refused").isNotNull();
        assertThat(refusal.hint()).as("hint of: " + refusal.getMessage()).isPresent();
        return refusal;
    }
}
