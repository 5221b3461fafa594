package dev.twoliter.core.internal.image;

import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeManifest;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The list of everything in a root, for people and for comparing builds. */
final class RootManifest {
    static final String FILE = "root-tree.txt";

    private RootManifest() {}

    static void write(Tree root, Path directory) throws IOException {
        try (Writer out = Files.newBufferedWriter(directory.resolve(FILE))) {
            TreeManifest.write(root, out);
        }
    }
}
