package dev.twoliter.core.internal.boot;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Small files of a tree, as bytes. */
final class TreeFiles {
    /** No program or kernel is larger. */
    static final int MAX_PROGRAM = 256 << 20;

    /** No text is larger. */
    static final int MAX_TEXT = 1 << 20;

    private TreeFiles() {}

    static Optional<RegularFile> find(Tree tree, String path) {
        return tree.find(path).filter(RegularFile.class::isInstance).map(RegularFile.class::cast);
    }

    static byte[] read(RegularFile file, int limit) {
        if (file.content().size() > limit) {
            throw new FormatException(
                    file.origin(),
                    file.path() + " has " + file.content().size() + " bytes; at most " + limit + " are allowed here");
        }
        try (InputStream in = file.content().open()) {
            return in.readNBytes(limit);
        } catch (IOException e) {
            throw StorageException.of("read", file.path(), e);
        }
    }
}
