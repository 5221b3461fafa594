package dev.twoliter.core.internal.scaffold;

import dev.twoliter.api.Arch;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.oci.AssembledImage;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Platform;
import dev.twoliter.oci.StoreOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An SDK without compilers, in an OCI layout: all kits of a build must agree on an SDK, so there has to be one even where
 * every package is declarative.
 */
public final class StandInSdk {

    static final String NAME = "stand-in-sdk";
    static final String VERSION = "0.1.0";

    /** The directory of its registry, relative to the project. */
    static final String REGISTRY = "registry";

    private static final String TEXT = "This SDK holds no compiler. It is enough for packages that need none.\n";

    private StandInSdk() {}

    /**
     * Makes the registry that holds it.
     *
     * @return its files, by path relative to the project; the same each time
     */
    public static Map<String, byte[]> files() {
        try {
            Path scratch = Files.createTempDirectory("twoliter-new");
            try {
                publish(scratch);
                return read(scratch);
            } finally {
                AtomicFiles.deleteTree(scratch);
            }
        } catch (IOException e) {
            throw StorageException.of("write", "the stand-in SDK", e);
        }
    }

    private static void publish(Path directory) {
        List<Platform> platforms = Stream.of(Arch.values())
                .map(arch -> new Platform("linux", arch.ociName()))
                .toList();
        try (ImageStore store =
                ImageStore.open("oci:" + directory, StoreOptions.builder().build())) {
            AssembledImage.fromScratch()
                    .file("/README", TEXT.getBytes(StandardCharsets.UTF_8))
                    .platforms(platforms)
                    .publish(store.repository(NAME), "v" + VERSION);
        }
    }

    private static Map<String, byte[]> read(Path directory) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String path = directory.relativize(file).toString().replace('\\', '/');
                files.put(REGISTRY + "/" + path, Files.readAllBytes(file));
            }
        }
        return files;
    }
}
