package dev.twoliter.examples;

import dev.twoliter.api.Arch;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageBuilder;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageKeys;
import dev.twoliter.oci.ImageSignatures;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Layer;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;
import dev.twoliter.oci.TarLayer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An SDK without compilers. All kits of a build must agree on an SDK, so there has to be one even where every package is
 * declarative.
 */
public final class StandInSdk {

    /** The name of its repository. */
    public static final String NAME = "stand-in-sdk";

    private static final String TEXT = "This SDK holds no compiler. It is enough for packages that need none.\n";

    private StandInSdk() {}

    /**
     * Publishes it for every architecture.
     *
     * @param registry where, such as {@code oci:/srv/registry}
     * @param version its version
     */
    public static void publish(String registry, String version) {
        try (ImageStore store = ImageStore.open(registry, StoreOptions.builder().build())) {
            publish(store.repository(NAME), version);
        }
    }

    /**
     * Publishes it for every architecture, signed.
     *
     * @param registry where, such as {@code oci:/srv/registry}
     * @param version its version
     * @param key the key that signs images
     */
    public static void publish(String registry, String version, KeyFile key) {
        try (ImageStore store = ImageStore.open(registry, StoreOptions.builder().build())) {
            Repository repository = store.repository(NAME);
            for (Descriptor image : publish(repository, version)) {
                ImageSignatures.sign(repository, image.digest(), ImageKeys.load(key));
            }
        }
    }

    /** Returns the images and the index over them. */
    private static List<Descriptor> publish(Repository repository, String version) {
        List<Descriptor> published = new ArrayList<>();
        try {
            Path file = Files.createTempFile(NAME, ".tar");
            try {
                Layer layer = TarLayer.at(0)
                        .file("README", TEXT.getBytes(StandardCharsets.UTF_8), 0644)
                        .writeTo(file);
                for (Arch arch : Arch.values()) {
                    published.add(
                            ImageBuilder.forArch(arch).addLayer(layer).build().pushTo(repository));
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw StorageException.of("write", repository.reference(), e);
        }
        published.add(repository.pushManifest(ImageIndex.of(published).toRaw(), "v" + version));
        return published;
    }
}
