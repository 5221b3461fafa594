package dev.twoliter.core.internal.disk.tree;

import dev.twoliter.core.internal.disk.tree.TreeEntry.Directory;
import dev.twoliter.core.internal.disk.tree.TreeEntry.HardLink;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Inode;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Symlink;
import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A complete file system tree: every parent is a directory of the tree, every hard link leads to a regular file of it.
 * Immutable; thread-safe if its content sources are.
 */
public final class Tree {
    private final NavigableMap<String, TreeEntry> entries;

    Tree(NavigableMap<String, TreeEntry> entries) {
        this.entries = entries;
    }

    /** {@return a builder of a tree with nothing but a root directory} */
    public static TreeBuilder builder() {
        return new TreeBuilder();
    }

    /** {@return a builder that holds the entries of this tree} */
    public TreeBuilder toBuilder() {
        TreeBuilder builder = new TreeBuilder();
        entries.values().forEach(builder::add);
        return builder;
    }

    /** {@return all entries in code unit order of their paths, so the root directory first, parents before children} */
    public Collection<TreeEntry> entries() {
        return Collections.unmodifiableCollection(entries.values());
    }

    /**
     * Looks up an entry; follows no symlinks.
     *
     * @param path the absolute path
     * @return the entry, or empty
     */
    public Optional<TreeEntry> find(String path) {
        return Optional.ofNullable(entries.get(path));
    }

    /**
     * Leaves out an entry and everything under it. Hard links from elsewhere into the part left out go too.
     *
     * @param path the absolute path, not the root directory's; nothing happens if it is absent
     * @return the smaller tree
     */
    public Tree without(String path) {
        if (path.equals("/")) {
            throw new IllegalArgumentException("the root directory cannot be left out");
        }
        NavigableMap<String, TreeEntry> rest = new TreeMap<>(entries);
        rest.remove(path);
        rest.subMap(path + "/", path + "0").clear(); // '0' follows '/'
        rest.values().removeIf(entry -> entry instanceof HardLink link && !rest.containsKey(link.file()));
        return new Tree(rest);
    }

    /**
     * Changes attributes: labels every entry, or sets one time for all.
     *
     * @param change gives the new attributes of an entry
     * @return the changed tree
     */
    public Tree withAttributes(Function<Inode, Attributes> change) {
        NavigableMap<String, TreeEntry> changed = new TreeMap<>();
        entries.forEach((path, entry) -> changed.put(path, changed(entry, change)));
        return new Tree(changed);
    }

    private static TreeEntry changed(TreeEntry entry, Function<Inode, Attributes> change) {
        if (entry instanceof Directory directory) {
            return new Directory(directory.path(), change.apply(directory), directory.origin());
        }
        if (entry instanceof RegularFile file) {
            return new RegularFile(file.path(), change.apply(file), file.content(), file.origin());
        }
        if (entry instanceof Symlink link) {
            return new Symlink(link.path(), change.apply(link), link.target(), link.origin());
        }
        return entry;
    }
}
