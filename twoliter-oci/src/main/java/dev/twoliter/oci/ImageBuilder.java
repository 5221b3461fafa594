package dev.twoliter.oci;

import dev.twoliter.api.Arch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Puts an image for one architecture together from layers that have been written. The same inputs give the same digest.
 * Not thread-safe.
 */
public final class ImageBuilder {

    private final Platform platform;
    private Instant created = Instant.EPOCH;
    private final Map<String, String> labels = new TreeMap<>();
    private final List<Layer> layers = new ArrayList<>();

    private ImageBuilder(Platform platform) {
        this.platform = platform;
    }

    /**
     * Starts an image for Linux.
     *
     * @param arch the architecture
     * @return a builder
     */
    public static ImageBuilder forArch(Arch arch) {
        return new ImageBuilder(new Platform("linux", arch.ociName()));
    }

    /** Sets when it was made; default 1970. */
    public ImageBuilder created(Instant value) {
        this.created = Objects.requireNonNull(value, "created");
        return this;
    }

    /** Adds a label. */
    public ImageBuilder label(String name, String value) {
        labels.put(name, value);
        return this;
    }

    /** Adds a layer on top; a layer that is there already, to the byte, is not added again. */
    public ImageBuilder addLayer(Layer layer) {
        if (layers.stream().noneMatch(l -> l.diffId().equals(layer.diffId()))) {
            layers.add(layer);
        }
        return this;
    }

    /** {@return the image} */
    public BuiltImage build() {
        byte[] config = new ImageConfig(
                        platform,
                        created,
                        labels,
                        layers.stream().map(Layer::diffId).toList())
                .toJson();
        RawManifest configBlob = RawManifest.of(MediaTypes.CONFIG, config);
        RawManifest manifest = new ImageManifest(
                        configBlob.descriptor(),
                        layers.stream().map(Layer::descriptor).toList(),
                        Map.of())
                .toRaw();
        return new BuiltImage(manifest, manifest.descriptor().withPlatform(platform), configBlob, layers);
    }
}
