package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that an index or image consists of, found by reading its manifests. Not thread-safe. */
final class ImageClosure {

    private static final int MAX_DEPTH = 4;
    private static final int MAX_MANIFESTS = 1000;

    private final Repository source;
    private final Map<Digest, RawManifest> manifests = new LinkedHashMap<>();
    private final Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
    private int images;

    ImageClosure(Repository source) {
        this.source = source;
    }

    /** Reads what a reference names, or its image for one platform; returns the topmost manifest. */
    RawManifest add(String reference, Optional<Platform> platform) {
        RawManifest root = ImageReader.manifest(source, reference);
        if (platform.isPresent() && ImageIndex.isIndex(root.bytes())) {
            root = ImageReader.manifest(
                    source, only(reference, root, platform.get()).digest().toString());
        }
        add(root, MAX_DEPTH);
        return root;
    }

    private Descriptor only(String reference, RawManifest root, Platform platform) {
        String subject = ImageReader.subject(source, reference);
        ImageIndex index = ImageIndex.parse(subject, root.bytes());
        return index.image(platform).orElseThrow(() -> {
            List<String> there = index.manifests().stream()
                    .flatMap(image -> image.platform().stream())
                    .map(Platform::toString)
                    .toList();
            return new FormatException(
                    subject,
                    "it has no image for " + platform,
                    there.isEmpty() ? "" : "It has " + String.join(", ", there) + ".",
                    null);
        });
    }

    /** Adds a manifest after what it needs. */
    private void add(RawManifest raw, int depth) {
        if (manifests.containsKey(raw.digest())) {
            return;
        }
        String subject = ImageReader.subject(source, raw.digest().toString());
        if (ImageIndex.isIndex(raw.bytes())) {
            addImages(raw, subject, depth);
        } else {
            ImageManifest manifest = ImageManifest.parse(subject, raw.bytes());
            manifest.layers().forEach(layer -> blobs.putIfAbsent(layer.digest(), layer));
            blobs.putIfAbsent(manifest.config().digest(), manifest.config());
            images++;
        }
        manifests.put(raw.digest(), raw);
        if (manifests.size() > MAX_MANIFESTS) {
            throw new FormatException(subject, "it has more than " + MAX_MANIFESTS + " images");
        }
    }

    private void addImages(RawManifest raw, String subject, int depth) {
        if (depth == 0) {
            throw new FormatException(subject, "indexes are nested more than " + MAX_DEPTH + " deep");
        }
        for (Descriptor entry : ImageIndex.parse(subject, raw.bytes()).manifests()) {
            if (!manifests.containsKey(entry.digest())) {
                try {
                    add(ImageReader.manifest(source, entry.digest().toString()), depth - 1);
                } catch (RegistryException e) {
                    throw e.status() == 404 ? incomplete(subject, entry, e) : e;
                }
            }
        }
    }

    private static FormatException incomplete(String subject, Descriptor entry, RegistryException cause) {
        return new FormatException(
                subject,
                "the image " + entry.digest()
                        + entry.platform().map(p -> " for " + p).orElse("") + " that it names is not there",
                "It was pushed or copied in part: copy one architecture, or get the whole from where it was published.",
                cause);
    }

    /** Adds a manifest of which everything that it needs is here. */
    void addComplete(RawManifest raw) {
        add(raw, MAX_DEPTH);
    }

    /** All manifests, each after what it needs. */
    List<RawManifest> manifests() {
        return new ArrayList<>(manifests.values());
    }

    /** Layers and configurations, each once. */
    List<Descriptor> blobs() {
        return new ArrayList<>(blobs.values());
    }

    int images() {
        return images;
    }
}
