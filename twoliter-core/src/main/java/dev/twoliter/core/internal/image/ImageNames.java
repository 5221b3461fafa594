package dev.twoliter.core.internal.image;

import dev.twoliter.api.Arch;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.plan.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The names of a variant's artefacts (variant-image.md 5). Immutable, thread-safe.
 *
 * @param directory the directory of this build: {@code VERSION-BUILD}
 * @param stem what the real files' names begin with
 * @param linkStems what the names of the links to them begin with
 */
public record ImageNames(String directory, String stem, List<String> linkStems) {
    /** Every variant has this one. */
    private static final String ROOT = "-root.ext4.lz4";

    /** Copies the list. */
    public ImageNames {
        linkStems = List.copyOf(linkStems);
    }

    /**
     * Names those of a build.
     *
     * @param variant the variant
     * @param arch the architecture
     * @param stamp version and build
     * @return the names
     */
    public static ImageNames of(String variant, Arch arch, Stamp stamp) {
        String prefix = prefix(variant, arch);
        String directory = stamp.version() + "-" + stamp.buildId();
        return new ImageNames(
                directory,
                prefix + "-" + directory,
                List.of(prefix, prefix + "-" + stamp.version(), prefix + "-v" + stamp.version()));
    }

    private static String prefix(String variant, Arch arch) {
        return "bottlerocket-" + variant + "-" + arch;
    }

    /** Finds those in the directory of a finished build. */
    static ImageNames in(Path images, String variant, Arch arch) {
        String prefix = prefix(variant, arch);
        List<String> real = new ArrayList<>();
        List<String> links = new ArrayList<>();
        if (Files.isDirectory(images)) {
            try (Stream<Path> all = Files.list(images)) {
                for (Path file : all.sorted().toList()) {
                    String name = String.valueOf(file.getFileName());
                    if (name.startsWith(prefix) && name.endsWith(ROOT)) {
                        (Files.isSymbolicLink(file) ? links : real)
                                .add(name.substring(0, name.length() - ROOT.length()));
                    }
                }
            } catch (IOException e) {
                throw StorageException.of("read", images, e);
            }
        }
        if (real.size() != 1 || real.get(0).length() <= prefix.length() + 1) {
            throw new SourceException(
                    images.toString(),
                    real.isEmpty()
                            ? "there is no finished image of variant '" + variant + "' for " + arch + " in " + images
                            : "there are several images of variant '" + variant + "' in " + images,
                    "Build it with `twoliter build variant --name " + variant + " --arch " + arch
                            + "`, or name the directory of one build.",
                    null);
        }
        return new ImageNames(real.get(0).substring(prefix.length() + 1), real.get(0), links);
    }

    /** {@return what everything random upstream is derived from, so that the same build has the same bytes} */
    String seed() {
        return stem;
    }
}
