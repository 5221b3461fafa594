package dev.twoliter.examples;

import dev.twoliter.api.Arch;
import dev.twoliter.api.KeyFile;
import dev.twoliter.oci.AssembledImage;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageKeys;
import dev.twoliter.oci.ImageSignatures;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Platform;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

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
        try (ImageStore store = open(registry)) {
            publish(store.repository(NAME), version);
        }
    }

    /**
     * Publishes it for every architecture, and signs the index over them.
     *
     * @param registry where, such as {@code oci:/srv/registry}
     * @param version its version
     * @param key the key that signs images
     */
    public static void publish(String registry, String version, KeyFile key) {
        try (ImageStore store = open(registry)) {
            Repository repository = store.repository(NAME);
            Descriptor index = publish(repository, version);
            ImageSignatures.sign(repository, index.digest(), ImageKeys.load(key));
        }
    }

    private static ImageStore open(String registry) {
        return ImageStore.open(registry, StoreOptions.builder().build());
    }

    private static Descriptor publish(Repository repository, String version) {
        return AssembledImage.fromScratch()
                .file("/README", TEXT.getBytes(StandardCharsets.UTF_8))
                .platforms(Stream.of(Arch.values())
                        .map(arch -> new Platform("linux", arch.ociName()))
                        .toList())
                .publish(repository, "v" + version);
    }
}
