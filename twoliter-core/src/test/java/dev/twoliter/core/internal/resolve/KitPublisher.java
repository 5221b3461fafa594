package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.SemVer;
import dev.twoliter.oci.BlobSource;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageConfig;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.MediaTypes;
import dev.twoliter.oci.Platform;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Publishes kits and SDKs that hold nothing but what resolution looks at, and works out their digests by hand. */
final class KitPublisher {

    static final String V4 = "dev.bottlerocket.kit.v4";

    private final ImageStore store;
    private final Map<String, String> digests = new TreeMap<>();

    KitPublisher(ImageStore store) {
        this.store = store;
    }

    static ImageDependency image(String text) {
        String[] parts = text.split(" ");
        return new ImageDependency(parts[0], SemVer.parse(parts[1]), parts.length > 2 ? parts[2] : "acme");
    }

    /** Publishes an SDK for both architectures, such as {@code acme-sdk 1.0.0}. */
    void sdk(String sdk) {
        ImageDependency image = image(sdk);
        publish(image.name(), image.version(), Map.of(), Map.of());
    }

    /** Publishes a kit with a label; what it needs is written {@code NAME VERSION [VENDOR]}. */
    void kit(String kit, String sdk, String... needs) {
        ImageDependency image = image(kit);
        publish(image.name(), image.version(), Map.of(V4, label(kit, sdk, needs)));
    }

    /** The label of a kit. */
    static String label(String kit, String sdk, String... needs) {
        ImageDependency image = image(kit);
        ImageDependency made = image(sdk);
        return KitLabel.write(
                image.name(),
                image.version(),
                new LockedImage(made.name(), made.version(), made.vendor(), "reg.example/os/" + made.name(), "ZDI="),
                List.of(needs).stream().map(KitPublisher::image).toList());
    }

    void publish(String name, SemVer version, Map<String, String> labels) {
        publish(name, version, labels, labels);
    }

    /** Publishes an index over two images with labels of their own. */
    void publish(String name, SemVer version, Map<String, String> x86, Map<String, String> arm) {
        Repository repository = store.repository(name);
        // Otherwise two SDKs of different versions would be one image.
        String mark = name + " " + version;
        List<Descriptor> entries = List.of(
                push(repository, Arch.X86_64, x86, mark).withPlatform(new Platform("linux", "amd64")),
                push(repository, Arch.AARCH64, arm, mark).withPlatform(new Platform("linux", "arm64")));
        index(repository, "v" + version, entries);
        digests.put(name + " " + version, lockDigest(entries));
    }

    /** Pushes an image without layers. */
    static Descriptor push(Repository repository, Arch arch, Map<String, String> labels, String mark) {
        Map<String, String> all = new TreeMap<>(labels);
        all.put("mark", mark);
        byte[] config = new ImageConfig(new Platform("linux", arch.ociName()), Instant.EPOCH, all, List.of()).toJson();
        Descriptor blob = Descriptor.of(MediaTypes.CONFIG, config);
        repository.pushBlob(blob, BlobSource.of(config));
        return repository.pushManifest(new ImageManifest(blob, List.of(), Map.of()).toRaw());
    }

    static void index(Repository repository, String tag, List<Descriptor> entries) {
        raw(repository, tag, new String(ImageIndex.of(entries).toRaw().bytes(), StandardCharsets.UTF_8));
    }

    static void raw(Repository repository, String tag, String json) {
        repository.pushManifest(RawManifest.of(MediaTypes.INDEX, json.getBytes(StandardCharsets.UTF_8)), tag);
    }

    /** What a lock must say of something that was published, by the rules of project-formats.md 2.3. */
    String lockDigest(String image) {
        return java.util.Objects.requireNonNull(digests.get(image), image);
    }

    private static String lockDigest(List<Descriptor> entries) {
        List<String> manifests = new ArrayList<>();
        for (Descriptor entry : entries) {
            manifests.add("{\"digest\":\"" + entry.digest()
                    + "\",\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"platform\":{\"architecture\":\""
                    + entry.platform().orElseThrow().architecture() + "\",\"os\":\"linux\"},\"size\":" + entry.size()
                    + "}");
        }
        String canonical = manifests.stream().collect(Collectors.joining(",", "{\"manifests\":[", "]"))
                + ",\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"schemaVersion\":2}";
        byte[] hash = Digest.newSha256().digest(canonical.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(hash);
    }
}
