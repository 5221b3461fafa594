package dev.twoliter.oci.internal.jib;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.OciArchive;
import dev.twoliter.oci.Platform;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Assembles an image for one platform with Jib's builder. Everything that Jib would take from its surroundings is set:
 * the tool's name and version (else it writes null into the history when it runs as a module), times, permissions and
 * caches.
 */
public final class JibAssembler {

    private static final System.Logger LOG = System.getLogger(JibAssembler.class.getName());

    private JibAssembler() {}

    /**
     * Assembles into a temporary archive, which is gone afterwards.
     *
     * @param files content by absolute path
     * @param labels labels by name
     * @param platform what the image runs on
     * @param use what to do with the archive
     * @return what {@code use} returned
     */
    public static <T> T assemble(
            SortedMap<String, byte[]> files,
            Map<String, String> labels,
            Platform platform,
            Function<OciArchive, T> use) {
        Path room = temporaryDirectory();
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            Path archive = room.resolve("image.tar");
            Containerizer to = configured(
                            Containerizer.to(TarImage.at(archive).named(ImageReference.of(null, "image", "latest"))),
                            executor,
                            room)
                    .setOfflineMode(true);
            builder(files, room)
                    .setLabels(labels)
                    .setPlatforms(Set.of(jibPlatform(platform)))
                    .containerize(to);
            try (OciArchive image = OciArchive.open(archive)) {
                return use.apply(image);
            }
        } catch (IOException | CacheDirectoryCreationException e) {
            throw StorageException.of("assemble an image in", room, asIoException(e));
        } catch (ExecutionException e) {
            throw StorageException.of(
                    "assemble an image in", room, asIoException(Objects.requireNonNull(e.getCause())));
        } catch (RegistryException e) {
            throw new IllegalStateException("an image from scratch in a file needs no registry", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StorageException.of("assemble an image in", room, new IOException("interrupted", e));
        } finally {
            executor.shutdownNow();
            delete(room);
        }
    }

    /** What Jib has assembled on a base, and where what is not of the base lies. */
    public record OnBase(byte[] manifest, Function<Digest, Optional<Path>> blobs) {}

    /**
     * Assembles an image on top of another, which no byte of is moved but its configuration.
     *
     * @param base where the base is
     * @param manifest the base, for one platform
     * @param blobs the base's configuration and layers
     * @param platform what it runs on
     * @param files files by absolute path
     * @param labels labels by name, added to those of the base
     * @param environment variables by name, added to those of the base
     * @param use what to do with the image, whose files are gone afterwards
     * @return what {@code use} returned
     */
    public static <T> T assembleOnBase(
            Repository base,
            RawManifest manifest,
            List<Descriptor> blobs,
            Platform platform,
            SortedMap<String, LayerFile> files,
            Map<String, String> labels,
            Map<String, String> environment,
            Function<OnBase, T> use) {
        Path room = temporaryDirectory();
        // Not fewer threads than it has steps: in them it waits for other steps. There is one for each layer, and some
        // more.
        ExecutorService executor = Executors.newCachedThreadPool();
        Map<String, Descriptor> byDigest = new TreeMap<>();
        blobs.forEach(blob -> byDigest.put(blob.digest().toString(), blob));
        try (LoopbackRegistry registry = new LoopbackRegistry(base, manifest, byDigest, room)) {
            RegistryImage from = RegistryImage.named(ImageReference.of(
                    registry.host(),
                    registry.baseName(),
                    null,
                    manifest.digest().toString()));
            Containerizer to = configured(
                            Containerizer.to(RegistryImage.named(
                                    ImageReference.of(registry.host(), registry.imageName(), "latest"))),
                            executor,
                            room)
                    .setAllowInsecureRegistries(true);
            Jib.from(from)
                    .setFormat(ImageFormat.OCI)
                    .setCreationTime(Instant.EPOCH)
                    .setPlatforms(Set.of(jibPlatform(platform)))
                    .setLabels(labels)
                    .setEnvironment(environment)
                    .setFileEntriesLayers(files.isEmpty() ? List.of() : List.of(layer(files)))
                    .containerize(to);
            return use.apply(new OnBase(registry.manifest(), digest -> Optional.ofNullable(registry.pushed(digest))));
        } catch (IOException | CacheDirectoryCreationException e) {
            throw StorageException.of("assemble an image in", room, asIoException(e));
        } catch (ExecutionException e) {
            throw StorageException.of(
                    "assemble an image in", room, asIoException(Objects.requireNonNull(e.getCause())));
        } catch (RegistryException e) {
            throw StorageException.of("assemble an image in", room, asIoException(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StorageException.of("assemble an image in", room, new IOException("interrupted", e));
        } finally {
            executor.shutdownNow();
            delete(room);
        }
    }

    private static Containerizer configured(Containerizer to, ExecutorService executor, Path room) {
        return to.setToolName("twoliter")
                .setToolVersion("1")
                .setExecutorService(executor)
                .setBaseImageLayersCache(room.resolve("base"))
                .setApplicationLayersCache(room.resolve("layers"));
    }

    private static com.google.cloud.tools.jib.api.buildplan.Platform jibPlatform(Platform platform) {
        return new com.google.cloud.tools.jib.api.buildplan.Platform(platform.architecture(), platform.os());
    }

    private static FileEntriesLayer layer(SortedMap<String, LayerFile> files) {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("files");
        files.forEach((path, file) -> layer.addEntry(
                file.source(),
                AbsoluteUnixPath.get(path),
                FilePermissions.fromOctalString(file.executable() ? "755" : "644"),
                Instant.EPOCH,
                "0:0"));
        return layer.build();
    }

    private static JibContainerBuilder builder(SortedMap<String, byte[]> files, Path room) throws IOException {
        SortedMap<String, LayerFile> sources = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path source = Files.write(room.resolve("file-" + sources.size()), file.getValue());
            sources.put(file.getKey(), new LayerFile(source, false));
        }
        return Jib.fromScratch()
                .setFormat(ImageFormat.OCI)
                .setCreationTime(Instant.EPOCH)
                .setFileEntriesLayers(sources.isEmpty() ? List.of() : List.of(layer(sources)));
    }

    private static IOException asIoException(Throwable cause) {
        return cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause);
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory(
                    "twoliter-image-" + ProcessHandle.current().pid() + "-");
        } catch (IOException e) {
            throw StorageException.of("make a directory in", System.getProperty("java.io.tmpdir"), e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // The image is made or its failure is being reported; remains in the temporary directory harm neither.
            LOG.log(System.Logger.Level.DEBUG, "deleting " + directory, e);
        }
    }
}
