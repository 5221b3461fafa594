package dev.twoliter.oci;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * A file of an image. Immutable.
 *
 * @param path its path, relative to the root, without {@code .} and {@code ..}
 * @param kind what it is
 * @param mode its permission bits, with set-id and sticky bits
 * @param size of its content in bytes; 0 if it is no plain file
 * @param target what it links to: the text of a symbolic link, which may lead anywhere, or the path of the file that a hard
 *     link shares; empty if it is no link
 */
public record ImageFile(String path, Kind kind, int mode, long size, String target) {

    /** What a file is. Devices, pipes and sockets are not shown. */
    public enum Kind {
        /** A plain file. */
        FILE,
        /** A directory. */
        DIRECTORY,
        /** A symbolic link. */
        SYMLINK,
        /** Another name of a plain file. */
        HARD_LINK
    }

    /** Is shown the files of an image. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Is shown a file.
         *
         * @param file what it is
         * @param content its content; need not be read
         * @throws IOException if the content cannot be put where the visitor wants it
         */
        void visit(ImageFile file, InputStream content) throws IOException;
    }

    /** Checks for null. */
    public ImageFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(target, "target");
    }
}
