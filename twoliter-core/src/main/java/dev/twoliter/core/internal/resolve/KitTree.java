package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the yum repository in an unpacked kit: {@code kits/KIT} (formats.md, section 2), else the root (upstream's). */
public final class KitTree {

    private KitTree() {}

    /**
     * {@return the directory that holds {@code repodata}}
     *
     * @param tree the unpacked kit
     * @throws FormatException if there is none
     */
    public static Path repository(Path tree) {
        for (Path candidate : candidates(tree)) {
            if (Files.isRegularFile(candidate.resolve("repodata").resolve("repomd.xml"))) {
                return candidate;
            }
        }
        throw new FormatException(tree.toString(), "the kit holds no yum repository: repodata/repomd.xml is missing");
    }

    private static List<Path> candidates(Path tree) {
        Path kits = tree.resolve("kits");
        if (!Files.isDirectory(kits)) {
            return List.of(tree);
        }
        try (Stream<Path> children = Files.list(kits)) {
            return Stream.concat(children.sorted(), Stream.of(tree)).toList();
        } catch (IOException e) {
            throw StorageException.of("read", kits, e);
        }
    }
}
