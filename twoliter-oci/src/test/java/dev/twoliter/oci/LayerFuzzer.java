package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Unpacks whatever it gets: nothing but {@link FormatException} may come of it, and a tree of files, directories and
 * links that lead nowhere else, with the digests that were told.
 */
public final class LayerFuzzer {
    private static final LayerLimits LIMITS = new LayerLimits(1 << 20, 50, 100);

    private LayerFuzzer() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        Path home = Files.createTempDirectory("fuzz").toRealPath();
        try {
            Path tree = home.resolve("tree");
            try {
                check(tree, LayerUnpacker.unpack(new ByteArrayInputStream(data), tree, "fuzz", LIMITS));
            } catch (FormatException e) {
                // the one that is promised
            }
            try (Stream<Path> beside = Files.list(home)) {
                if (!beside.allMatch(tree::equals)) {
                    throw new AssertionError("something was written outside");
                }
            }
        } finally {
            delete(home);
        }
    }

    private static void check(Path tree, UnpackedLayer layer) throws IOException {
        for (Path path : all(tree)) {
            if (Files.isSymbolicLink(path)) {
                Path to = path.getParent().resolve(Files.readSymbolicLink(path));
                if (Files.exists(to) && !to.toRealPath().startsWith(tree)) {
                    throw new AssertionError(path + " leads to " + to.toRealPath());
                }
            } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                Digest told = layer.files().get(tree.relativize(path).toString());
                if (!Digest.ofBytes(Files.readAllBytes(path)).equals(told)) {
                    throw new AssertionError(path + " has not the digest " + told);
                }
            } else if (!Files.isDirectory(path)) {
                throw new AssertionError(path + " is neither file, directory nor link");
            }
        }
    }

    private static List<Path> all(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            return all.sorted(Comparator.reverseOrder()).toList();
        }
    }

    private static void delete(Path tree) throws IOException {
        for (Path path : all(tree)) {
            Files.delete(path);
        }
    }
}
