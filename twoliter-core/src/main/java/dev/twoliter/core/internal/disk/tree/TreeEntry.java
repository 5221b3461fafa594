package dev.twoliter.core.internal.disk.tree;

import java.util.Objects;

/** One path of a {@link Tree}. Immutable. */
public sealed interface TreeEntry {

    /** {@return the absolute path: {@code /} or {@code /usr/bin/agent}; no parent of it is a symlink} */
    String path();

    /** {@return who brought it, for messages: an RPM's name for instance} */
    String origin();

    /** {@return the last part of the path; empty for the root directory} */
    default String name() {
        return path().substring(path().lastIndexOf('/') + 1);
    }

    /** An entry with attributes of its own: everything but a hard link. */
    sealed interface Inode extends TreeEntry {
        /** {@return owner, mode and so on} */
        Attributes attributes();
    }

    /**
     * A directory.
     *
     * @param path the absolute path
     * @param attributes owner, mode and so on
     * @param origin who brought it
     */
    record Directory(String path, Attributes attributes, String origin) implements Inode {
        /** Checks for null. */
        public Directory {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(attributes, "attributes");
            Objects.requireNonNull(origin, "origin");
        }
    }

    /**
     * A regular file.
     *
     * @param path the absolute path
     * @param attributes owner, mode and so on
     * @param content its bytes
     * @param origin who brought it
     */
    record RegularFile(String path, Attributes attributes, ContentSource content, String origin) implements Inode {
        /** Checks for null. */
        public RegularFile {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(attributes, "attributes");
            Objects.requireNonNull(content, "content");
            Objects.requireNonNull(origin, "origin");
        }
    }

    /**
     * A symbolic link.
     *
     * @param path the absolute path
     * @param attributes owner and so on; the mode is 0777 by convention
     * @param target as written; may lead nowhere
     * @param origin who brought it
     */
    record Symlink(String path, Attributes attributes, String target, String origin) implements Inode {
        /** Checks for null. */
        public Symlink {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(attributes, "attributes");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(origin, "origin");
        }
    }

    /**
     * Another name of a regular file.
     *
     * @param path the absolute path
     * @param file the absolute path of a {@link RegularFile} of the same tree
     * @param origin who brought it
     */
    record HardLink(String path, String file, String origin) implements TreeEntry {
        /** Checks for null. */
        public HardLink {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(origin, "origin");
        }
    }
}
