package dev.twoliter.core.internal.disk.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.core.internal.disk.tree.TreeEntry.Directory;
import dev.twoliter.core.internal.disk.tree.TreeEntry.HardLink;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Inode;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Symlink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An inode of a {@link Tree} as the writers of file systems need it: with its number of links, and the names in it if it
 * is a directory. Not changed once {@link #all} has returned it.
 */
public final class TreeNode {
    private final Inode inode;
    private final int index;
    private TreeNode parent;
    private int links = 1;
    private final List<Name> names = new ArrayList<>();

    private TreeNode(Inode inode, int index) {
        this.inode = inode;
        this.index = index;
        this.parent = this;
    }

    /**
     * A name in a directory.
     *
     * @param bytes the name in UTF-8; not to be changed
     * @param node what it leads to
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Name(byte[] bytes, TreeNode node) {
        /** Checks for null. */
        public Name {
            Objects.requireNonNull(bytes, "bytes");
            Objects.requireNonNull(node, "node");
        }
    }

    /**
     * Gives a tree's inodes.
     *
     * @param tree the tree
     * @return one node an inode, in the order of the tree's entries: the root directory first
     */
    public static List<TreeNode> all(Tree tree) {
        Map<String, TreeNode> nodes = new LinkedHashMap<>();
        for (TreeEntry entry : tree.entries()) {
            if (entry instanceof Inode inode) {
                nodes.put(entry.path(), new TreeNode(inode, nodes.size()));
            }
        }
        tree.entries().forEach(entry -> addName(entry, nodes));
        for (TreeNode node : nodes.values()) {
            node.names.sort((a, b) -> Arrays.compareUnsigned(a.bytes(), b.bytes()));
        }
        return List.copyOf(nodes.values());
    }

    private static void addName(TreeEntry entry, Map<String, TreeNode> nodes) {
        String path = entry.path();
        TreeNode node = Objects.requireNonNull(nodes.get(entry instanceof HardLink link ? link.file() : path));
        if (entry instanceof Directory || entry instanceof HardLink) {
            node.links++; // a directory's own "."
        }
        if (!path.equals("/")) {
            TreeNode parent =
                    Objects.requireNonNull(nodes.get(path.substring(0, Math.max(path.lastIndexOf('/'), 1))), path);
            parent.names.add(new Name(entry.name().getBytes(UTF_8), node));
            if (entry instanceof Directory) {
                node.parent = parent;
                parent.links++;
            }
        }
    }

    /** {@return the entry of the tree} */
    public Inode inode() {
        return inode;
    }

    /** {@return the node's place in the list of all nodes, from 0 on} */
    public int index() {
        return index;
    }

    /** {@return the number of names that lead here, with a directory's own {@code .} and its children's {@code ..}} */
    public int links() {
        return links;
    }

    /** {@return the directory that a directory is in; the root directory's is itself} */
    public TreeNode parent() {
        return parent;
    }

    /** {@return what a directory holds, sorted as unsigned bytes, without {@code .} and {@code ..}} */
    public List<Name> names() {
        return Collections.unmodifiableList(names);
    }

    /** {@return whether this is a directory} */
    public boolean isDirectory() {
        return inode instanceof Directory;
    }

    /** {@return a regular file's content, a symlink's target; a directory has none of its own} */
    public ContentSource content() {
        if (inode instanceof RegularFile file) {
            return file.content();
        }
        return ContentSource.of(inode instanceof Symlink link ? link.target().getBytes(UTF_8) : new byte[0]);
    }
}
