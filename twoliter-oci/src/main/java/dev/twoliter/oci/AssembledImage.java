package dev.twoliter.oci;

import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.jib.JibAssembler;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A small image of files that are made in memory, such as a stand-in for an SDK. It is assembled by Jib: one layer,
 * compressed with gzip, and the same for every platform. The same content gives the same digests always. Not
 * thread-safe.
 */
public final class AssembledImage {

    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private final TreeMap<String, String> labels = new TreeMap<>();
    private List<Platform> platforms = List.of(new Platform("linux", "amd64"));

    private AssembledImage() {}

    /** {@return an image that holds nothing yet, for linux/amd64} */
    public static AssembledImage fromScratch() {
        return new AssembledImage();
    }

    /**
     * Adds a file; it belongs to root, is readable by all and dates from the epoch.
     *
     * @param path absolute, without {@code .} and {@code ..}
     * @param content what is in it
     * @return this
     */
    public AssembledImage file(String path, byte[] content) {
        LayerPaths.requirePlain(path);
        files.put(path, content.clone());
        return this;
    }

    /** Sets a label of the image's configuration. */
    public AssembledImage label(String name, String value) {
        labels.put(name, value);
        return this;
    }

    /** Sets what it runs on, in the order of the index; default linux/amd64. */
    public AssembledImage platforms(List<Platform> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("an image is for one platform at least");
        }
        this.platforms = List.copyOf(values);
        return this;
    }

    /**
     * Assembles the image for every platform and stores it with an index over them.
     *
     * @param repository where to
     * @param tags the tags that shall name the index; none: it is stored by digest only
     * @return a descriptor of the index
     * @throws RegistryException if it cannot be stored
     * @throws StorageException if the temporary directory cannot be used
     */
    public Descriptor publish(Repository repository, String... tags) {
        List<Descriptor> images = new ArrayList<>();
        for (Platform platform : platforms) {
            images.add(JibAssembler.assemble(files, labels, platform, archive -> archive.pushTo(repository))
                    .withPlatform(platform));
        }
        return repository.pushManifest(ImageIndex.of(images).toRaw(), tags);
    }
}
