package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A layer in a directory of its own, as {@link LayerUnpacker} leaves it: layers can be unpacked at the same time and are
 * then laid upon each other in their order. Immutable, thread-safe.
 *
 * @param directory where it is
 * @param subject what was unpacked, for messages
 * @param files the digest of every file, by its path with slashes; a hard link is a file
 */
public record UnpackedLayer(Path directory, String subject, Map<String, Digest> files) {
    public UnpackedLayer {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(subject, "subject");
        files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    /**
     * Moves everything into a tree of the layers below, which is on the same file system. Files and links take the place
     * of those with the same name; a directory stays one, and nothing else becomes one, so that nothing gets through a
     * link of a lower layer. The layer's directory is gone afterwards.
     *
     * @param tree the tree; made if it is missing
     * @throws FormatException if a directory would replace something else, or be replaced; what was moved before stays
     * @throws StorageException if something cannot be moved
     */
    public void moveOnto(Path tree) {
        try {
            Files.createDirectories(tree);
            moveContent(directory, tree);
        } catch (IOException e) {
            throw StorageException.of("move", directory + " to " + tree, e);
        }
    }

    private void moveContent(Path from, Path to) throws IOException {
        for (Path child : children(from)) {
            Path target = to.resolve(child.getFileName());
            boolean isDirectory = Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS);
            if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(child, target, StandardCopyOption.ATOMIC_MOVE);
            } else if (isDirectory != Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new FormatException(
                        subject,
                        "the entry '" + directory.relativize(child) + "' is " + (isDirectory ? "a" : "no")
                                + " directory, but in a layer below it is "
                                + (isDirectory ? "none" : "one"),
                        "The layers do not fit together; do not use the image.",
                        null);
            } else if (isDirectory) {
                moveContent(child, target);
            } else if (!child.getFileName()
                    .equals(target.toRealPath(LinkOption.NOFOLLOW_LINKS).getFileName())) {
                throw new FormatException(
                        subject,
                        "this file system takes '" + directory.relativize(child)
                                + "' for a file with another name in a layer below");
            } else {
                Files.move(child, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.delete(from);
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        }
    }
}
