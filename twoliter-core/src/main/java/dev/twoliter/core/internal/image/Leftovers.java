package dev.twoliter.core.internal.image;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a repacked image has in common with its original: the data disk, the inventory and so on. Large files are shared,
 * not copied, where the file system can.
 *
 * @param original the directory with the finished image
 * @param output the directory that gets the new one
 * @param names what artefacts are called
 */
record Leftovers(Path original, Path output, ImageNames names) {

    /** Keeps the data disk, which an OVA needs. */
    void keepDataDisks() throws IOException {
        keep(name -> name.startsWith(names.stem() + "-data."));
    }

    /** Keeps everything that has not been written anew. */
    void keepOthers() throws IOException {
        keep(name -> true);
    }

    private void keep(Predicate<String> which) throws IOException {
        try (Stream<Path> all = Files.list(original)) {
            for (Path file : all.sorted().toList()) {
                Path target = output.resolve(original.relativize(file));
                if (which.test(String.valueOf(file.getFileName()))
                        && !Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                        && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    keep(file, target);
                }
            }
        }
    }

    private static void keep(Path file, Path target) throws IOException {
        if (Files.isSymbolicLink(file)) {
            Files.createSymbolicLink(target, Files.readSymbolicLink(file));
            return;
        }
        try {
            Files.createLink(target, file);
        } catch (FileSystemException | UnsupportedOperationException e) {
            Files.copy(file, target);
        }
    }
}
