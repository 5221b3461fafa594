package dev.twoliter.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.internal.jib.JibAssembler;
import dev.twoliter.oci.internal.jib.LayerFile;
import dev.twoliter.oci.internal.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * An image for one platform on top of another: its layers to the byte, its user, environment, entry point and everything
 * else of its configuration, and one layer more. Assembled by Jib without a daemon; the same base and files give the same
 * digests always. The layers of the base are not read to be assembled, and where the target has them they are not moved.
 * Not thread-safe.
 *
 * <pre>{@code
 * Descriptor image = ImageOnBase.of(sdks, "v0.50.0", new Platform("linux", "amd64"))
 *         .directory("/opt/tools", Path.of("tools"))
 *         .environment("TOOLS", "/opt/tools")
 *         .publish(images, "v1-x86_64");
 * }</pre>
 */
public final class ImageOnBase {

    private final Repository base;
    private final RawManifest manifest;
    private final Platform platform;
    private final TreeMap<String, LayerFile> files = new TreeMap<>();
    private final TreeMap<String, String> labels = new TreeMap<>();
    private final TreeMap<String, String> environment = new TreeMap<>();

    private ImageOnBase(Repository base, RawManifest manifest, Platform platform) {
        this.base = base;
        this.manifest = manifest;
        this.platform = platform;
    }

    /**
     * Begins with a base.
     *
     * @param base where it is; any store, also a directory
     * @param reference a tag or, better, {@code sha256:HEX}: of an index, or of an image
     * @param platform which image of the index
     * @return an image that is nothing but the base
     * @throws RegistryException if the base is not there
     * @throws FormatException if it has no image for the platform
     */
    public static ImageOnBase of(Repository base, String reference, Platform platform) {
        RawManifest found = new ImageClosure(base).add(reference, Optional.of(platform));
        return new ImageOnBase(base, found, platform);
    }

    /**
     * Adds a file; it belongs to root and dates from 1970. Directories above it belong to root too, also where the base
     * has them otherwise: so choose a place that is not somebody's home.
     *
     * @param path absolute, without {@code .} and {@code ..}
     * @param source its content, read when the image is assembled
     * @param executable whether it may be run
     * @return this
     */
    public ImageOnBase file(String path, Path source, boolean executable) {
        LayerPaths.requirePlain(path);
        files.put(path, new LayerFile(source, executable));
        return this;
    }

    /**
     * Adds every file below a directory, executable where it is there. Links are followed; empty directories are left out.
     *
     * @param path where to, absolute, without {@code .} and {@code ..}
     * @param source the directory
     * @return this
     * @throws StorageException if it cannot be read
     */
    public ImageOnBase directory(String path, Path source) {
        LayerPaths.requirePlain(path);
        try (Stream<Path> tree = Files.walk(source, java.nio.file.FileVisitOption.FOLLOW_LINKS)) {
            tree.filter(Files::isRegularFile)
                    .forEach(file -> file(
                            path + "/" + source.relativize(file).toString().replace('\\', '/'),
                            file,
                            Files.isExecutable(file)));
            return this;
        } catch (UncheckedIOException e) {
            throw StorageException.of("read", source, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw StorageException.of("read", source, e);
        }
    }

    /** Sets a label, beside those of the base. */
    public ImageOnBase label(String name, String value) {
        labels.put(name, value);
        return this;
    }

    /** Sets a variable of the environment, beside those of the base. */
    public ImageOnBase environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /**
     * Assembles the image and stores it.
     *
     * @param target where to
     * @param tags the tags that shall name it; none: it is stored by digest only
     * @return a descriptor of it, with its platform
     * @throws VerificationException if a layer of the base does not have its digest
     */
    public Descriptor publish(Repository target, String... tags) {
        return assemble(image -> {
            new BlobTransfer(
                    base, target, image.fromBase(), CopyOptions.builder().build());
            target.pushBlobs(image.own());
            return target.pushManifest(image.manifest(), tags).withPlatform(platform);
        });
    }

    /**
     * Assembles the image and writes it as {@code docker load} takes it.
     *
     * @param file the tar; replaced if it is there
     * @param name the name that the image gets, such as {@code twoliter:1.0}
     * @return the descriptor that it would have in a registry, with its platform
     * @throws StorageException if the file cannot be written
     */
    public Descriptor writeDockerArchive(Path file, String name) {
        return assemble(image -> {
            List<BlobUpload> layers = new ArrayList<>();
            for (Descriptor layer : image.parsed().layers()) {
                layers.add(image.own().stream()
                        .filter(blob -> blob.descriptor().digest().equals(layer.digest()))
                        .findFirst()
                        .orElseGet(() -> new BlobUpload(layer, () -> base.blob(layer))));
            }
            DockerArchive.write(file, name, image.config(), layers);
            return image.manifest().descriptor().withPlatform(platform);
        });
    }

    /** An assembled image: what comes from the base, and what does not. */
    private record Assembled(
            RawManifest manifest,
            ImageManifest parsed,
            RawManifest config,
            List<Descriptor> fromBase,
            List<BlobUpload> own) {}

    private <T> T assemble(Function<Assembled, T> use) {
        ImageManifest of = ImageManifest.parse(subject(), manifest.bytes());
        List<Descriptor> blobs = new ArrayList<>(of.layers());
        blobs.add(of.config());
        return JibAssembler.assembleOnBase(
                base,
                manifest,
                blobs,
                platform,
                files,
                labels,
                environment,
                made -> use.apply(complete(of, ImageManifest.parse("the assembled image", made.manifest()), made)));
    }

    /**
     * Gives the base's layers the types that they have, which Jib takes for gzip, and the configuration what of the
     * base's Jib does not know.
     */
    private Assembled complete(ImageManifest of, ImageManifest jibs, JibAssembler.OnBase made) {
        List<Descriptor> layers = new ArrayList<>();
        List<BlobUpload> own = new ArrayList<>();
        for (int i = 0; i < jibs.layers().size(); i++) {
            Descriptor layer = jibs.layers().get(i);
            if (i < of.layers().size()) {
                Descriptor was = of.layers().get(i);
                layers.add(Descriptor.of(MediaTypes.ociLayer(was.mediaType()), was.digest(), was.size()));
            } else {
                layers.add(layer);
                own.add(new BlobUpload(
                        layer, BlobSource.of(made.blobs().apply(layer.digest()).orElseThrow())));
            }
        }
        RawManifest config = RawManifest.of(
                MediaTypes.CONFIG,
                withAllOf(
                        read(() -> base.blob(of.config())),
                        read(() -> Files.newInputStream(
                                made.blobs().apply(jibs.config().digest()).orElseThrow()))));
        own.add(new BlobUpload(config.descriptor(), BlobSource.of(config.bytes())));
        ImageManifest parsed = new ImageManifest(config.descriptor(), layers, Map.of());
        return new Assembled(parsed.toRaw(), parsed, config, of.layers(), own);
    }

    private byte[] withAllOf(byte[] base, byte[] made) {
        ObjectNode root = (ObjectNode) Json.parse("the assembled image", made);
        JsonNode old = Json.parse(subject(), base);
        addMissing(root, old);
        if (root.path("config") instanceof ObjectNode config
                && old.path("config").isObject()) {
            addMissing(config, old.path("config"));
        }
        // Of the machine that a docker build ran on; says nothing about this image.
        root.remove(List.of("container", "container_config", "docker_version"));
        return Json.bytes(root);
    }

    private static void addMissing(ObjectNode to, JsonNode from) {
        from.properties().forEach(member -> {
            if (!to.has(member.getKey())) {
                to.set(member.getKey(), member.getValue());
            }
        });
    }

    private byte[] read(BlobSource source) {
        try (InputStream in = source.open()) {
            byte[] bytes = in.readNBytes(Json.MAX_MANIFEST + 1);
            if (bytes.length > Json.MAX_MANIFEST) {
                throw new FormatException(subject(), "its configuration is too large");
            }
            return bytes;
        } catch (IOException e) {
            throw StorageException.of("read", subject(), e);
        }
    }

    private String subject() {
        return ImageReader.subject(base, manifest.digest().toString());
    }
}
