package dev.twoliter.examples.bench;

import dev.twoliter.api.Arch;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageBuilder;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;
import dev.twoliter.oci.TarLayer;
import dev.twoliter.rpm.repo.RepoOptions;
import dev.twoliter.rpm.repo.RepoWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A kit for measurements, with an SDK that holds nothing, in an OCI layout. */
final class BenchKit {
    static final String NAME = "bench-kit";
    static final String VERSION = "1.0.0";
    static final String TAG = "v" + VERSION;
    static final String SDK = "bench-sdk";
    static final String SDK_VERSION = "0.1.0";

    private BenchKit() {}

    /** How many layers there are, and what those with packages weigh. */
    record Size(int layers, long bytes) {}

    /**
     * Publishes it.
     *
     * @param repo a directory whose Packages holds directories of packages; gets an index
     * @param layout where to
     * @param scratch an empty directory, for layers
     */
    static Size publish(Path repo, Path layout, Path scratch) throws IOException {
        RepoWriter.write(repo, RepoOptions.defaults());
        ImageBuilder kit = ImageBuilder.forArch(Arch.X86_64).label("dev.bottlerocket.kit.v3", label());
        TarLayer rest = TarLayer.at(0)
                .symlink("Packages", "kits/" + NAME + "/Packages")
                .symlink("repodata", "kits/" + NAME + "/repodata");
        addFiles(rest, repo, repo.resolve("repodata"));
        kit.addLayer(rest.writeTo(scratch.resolve("rest.tar")));
        long bytes = 0;
        int count = 1;
        for (Path directory : children(repo.resolve("Packages"))) {
            TarLayer layer = TarLayer.at(0);
            addFiles(layer, repo, directory);
            var written = layer.writeTo(scratch.resolve(directory.getFileName() + ".tar"));
            bytes += written.descriptor().size();
            count++;
            kit.addLayer(written);
        }
        try (ImageStore store =
                ImageStore.open("oci:" + layout, StoreOptions.builder().build())) {
            tag(store.repository(NAME), kit, TAG);
            ImageBuilder sdk = ImageBuilder.forArch(Arch.X86_64)
                    .addLayer(TarLayer.at(0)
                            .file("etc/sdk", "sdk".getBytes(StandardCharsets.UTF_8), 0644)
                            .writeTo(scratch.resolve("sdk.tar")));
            tag(store.repository(SDK), sdk, "v" + SDK_VERSION);
        }
        return new Size(count, bytes);
    }

    private static void tag(Repository repository, ImageBuilder image, String tag) {
        Descriptor stored = image.build().pushTo(repository);
        repository.pushManifest(ImageIndex.of(List.of(stored)).toRaw(), tag);
    }

    private static String label() {
        String json = "{\"kit\":[],\"name\":\"" + NAME + "\",\"sdk\":{\"digest\":\"\",\"name\":\"" + SDK + "\","
                + "\"source\":\"\",\"vendor\":\"bench\",\"version\":\"" + SDK_VERSION + "\"},\"version\":\"" + VERSION
                + "\"}\n";
        return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void addFiles(TarLayer layer, Path repo, Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> layer.file("kits/" + NAME + "/" + repo.relativize(file), file, 0644));
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        }
    }

    /** Deletes a directory with everything in it, if it is there. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
