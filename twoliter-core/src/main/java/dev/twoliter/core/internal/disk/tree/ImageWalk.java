package dev.twoliter.core.internal.disk.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.api.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Turns the inodes of a file system image into a {@link Tree}, within limits that a hostile image cannot exceed: it may
 * be small, yet lead in circles or share names and attributes among countless inodes. For one image; not thread-safe.
 */
public final class ImageWalk {
    /** No directory is read that is larger, in bytes. */
    public static final int MAX_DIRECTORY = 16 << 20;

    private static final int MAX_ENTRIES = 300_000;
    private static final int MAX_TARGET = 4095;

    private final String subject;
    private long budget = 64 << 20;

    /**
     * Makes a walk.
     *
     * @param subject the image's name for messages
     */
    public ImageWalk(String subject) {
        this.subject = Objects.requireNonNull(subject, "subject");
    }

    /** {@return the image's name for messages} */
    public String subject() {
        return subject;
    }

    /** What an inode is. */
    public enum Kind {
        /** Has a content. */
        FILE,
        /** Has names in it. */
        DIRECTORY,
        /** Has its target for a content. */
        SYMLINK
    }

    /**
     * An inode as read.
     *
     * @param kind what it is
     * @param attributes owner, mode and so on
     * @param content read when opened; a directory's is not asked for
     */
    public record Found(Kind kind, Attributes attributes, ContentSource content) {
        /** Checks for null. */
        public Found {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(attributes, "attributes");
            Objects.requireNonNull(content, "content");
        }
    }

    /** A file system, asked for one inode at a time. */
    public interface Inodes {
        /**
         * Reads an inode.
         *
         * @param number its number
         * @return the inode
         * @throws IOException if the image cannot be read
         */
        Found inode(long number) throws IOException;

        /**
         * Reads a directory.
         *
         * @param number its number
         * @return the inodes' numbers by name, without {@code .} and {@code ..}
         * @throws IOException if the image cannot be read
         */
        Map<String, Long> names(long number) throws IOException;
    }

    private record Pending(String path, long number) {}

    /**
     * Reads all there is.
     *
     * @param inodes the file system
     * @param root the root directory's number
     * @return the tree; contents are read from the image when they are opened
     * @throws FormatException if the image is damaged
     * @throws IOException if the image cannot be read
     */
    public Tree read(Inodes inodes, long root) throws IOException {
        Found top = inodes.inode(root);
        require(top.kind() == Kind.DIRECTORY, "the root is no directory");
        TreeBuilder tree = Tree.builder().directory("/", top.attributes(), subject);
        Deque<Pending> ahead = new ArrayDeque<>();
        ahead.add(new Pending("", root));
        Set<Long> directories = new HashSet<>(Set.of(root));
        Map<Long, String> files = new HashMap<>();
        int entries = 0;
        while (!ahead.isEmpty()) {
            Pending directory = ahead.pop();
            for (Map.Entry<String, Long> name : inodes.names(directory.number).entrySet()) {
                require(++entries <= MAX_ENTRIES, "has more than " + MAX_ENTRIES + " entries");
                String path = directory.path + "/" + name.getKey();
                spend(path.length());
                long number = name.getValue();
                String other = files.get(number);
                if (other != null) {
                    tree.hardLink(path, other, subject);
                    continue;
                }
                Found found = inodes.inode(number);
                switch (found.kind()) {
                    case DIRECTORY -> {
                        require(directories.add(number), "two names lead to the directory " + path);
                        tree.directory(path, found.attributes(), subject);
                        ahead.push(new Pending(path, number));
                    }
                    case SYMLINK -> tree.symlink(path, found.attributes(), target(found, path), subject);
                    default -> {
                        files.put(number, path);
                        tree.file(path, found.attributes(), found.content(), subject);
                    }
                }
            }
        }
        return tree.build();
    }

    private String target(Found link, String path) throws IOException {
        require(link.content().size() <= MAX_TARGET, "the symlink " + path + " is too long");
        spend(link.content().size());
        try (InputStream in = link.content().open()) {
            return text(in.readAllBytes());
        }
    }

    /**
     * Decodes a name or a target.
     *
     * @param bytes UTF-8
     * @return the text
     * @throws FormatException if it is not UTF-8
     */
    public String text(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(subject, "a name is not UTF-8", "", e);
        }
    }

    /**
     * Decodes a name in a directory.
     *
     * @param bytes UTF-8
     * @return the name
     * @throws FormatException if it is not UTF-8, or no name of a single file
     */
    public String name(byte[] bytes) {
        String name = text(bytes);
        require(
                !name.isEmpty() && name.indexOf('/') < 0 && name.indexOf('\0') < 0,
                "a name is empty, or has a slash or a zero in it");
        return name;
    }

    /**
     * Counts bytes of names, targets and attributes that are kept in memory.
     *
     * @param bytes how many more
     * @throws FormatException if they are too many by now
     */
    public void spend(long bytes) {
        budget -= bytes;
        require(budget >= 0, "its names and xattrs together are too large");
    }

    /**
     * Checks something about the image.
     *
     * @param holds whether it is as it must be
     * @param message what is wrong otherwise
     * @throws FormatException if it does not hold
     */
    public void require(boolean holds, String message) {
        if (!holds) {
            throw new FormatException(subject, message);
        }
    }
}
