package dev.twoliter.core.internal.disk.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Directory;
import dev.twoliter.core.internal.disk.tree.TreeEntry.HardLink;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Symlink;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Collects the entries of a {@link Tree} from several origins. Paths may lead through symlinks that anyone brings: with
 * {@code /lib} a symlink to {@code usr/lib}, the file {@code /lib/a} lands in {@code /usr/lib/a}, whichever of the two
 * was added first. Missing parents become directories of root's with mode 0755. Not thread-safe.
 *
 * <p>Two origins may bring the same path if they agree: directories merge (the last one's attributes count, as with
 * rpm), symlinks must have one target, regular files must be the same in content, mode, owner and extended attributes.
 */
public final class TreeBuilder {
    /** As the Linux kernel's limit. */
    private static final int MAX_SYMLINKS = 40;

    private static final int MAX_NAME = 255;
    private static final int MAX_PATH = 4095;
    private static final String IMPLIED = "(missing parent)";

    private final List<Symlink> symlinks = new ArrayList<>();
    private final List<Directory> directories = new ArrayList<>();
    private final List<RegularFile> files = new ArrayList<>();
    private final List<HardLink> hardLinks = new ArrayList<>();

    TreeBuilder() {}

    /**
     * Adds an entry of any type.
     *
     * @param entry its path is absolute and has no {@code .} or {@code ..} in it; it may lead through symlinks
     * @return this
     * @throws FormatException if the path or a symlink's target is not one that Linux would take
     */
    public TreeBuilder add(TreeEntry entry) {
        checkPath(entry.path(), entry.origin());
        if (entry.path().equals("/") && !(entry instanceof Directory)) {
            throw new FormatException(entry.origin(), "the root of a file system must be a directory");
        }
        if (entry instanceof Symlink link) {
            checkTarget(link);
            symlinks.add(link);
        } else if (entry instanceof Directory directory) {
            directories.add(directory);
        } else if (entry instanceof RegularFile file) {
            files.add(file);
        } else if (entry instanceof HardLink link) {
            checkPath(link.file(), link.origin());
            hardLinks.add(link);
        }
        return this;
    }

    /**
     * Adds a directory.
     *
     * @param path the absolute path
     * @param attributes owner, mode and so on
     * @param origin who brings it
     * @return this
     */
    public TreeBuilder directory(String path, Attributes attributes, String origin) {
        return add(new Directory(path, attributes, origin));
    }

    /**
     * Adds a regular file.
     *
     * @param path the absolute path
     * @param attributes owner, mode and so on
     * @param content its bytes
     * @param origin who brings it
     * @return this
     */
    public TreeBuilder file(String path, Attributes attributes, ContentSource content, String origin) {
        return add(new RegularFile(path, attributes, content, origin));
    }

    /**
     * Adds a symbolic link.
     *
     * @param path the absolute path
     * @param attributes owner and so on; the mode is 0777 by convention
     * @param target as it shall be written
     * @param origin who brings it
     * @return this
     */
    public TreeBuilder symlink(String path, Attributes attributes, String target, String origin) {
        return add(new Symlink(path, attributes, target, origin));
    }

    /**
     * Adds another name of a regular file.
     *
     * @param path the absolute path
     * @param file the absolute path of a regular file, added before or after
     * @param origin who brings it
     * @return this
     */
    public TreeBuilder hardLink(String path, String file, String origin) {
        return add(new HardLink(path, file, origin));
    }

    /**
     * Puts everything in its place.
     *
     * @return the tree
     * @throws FormatException if two origins bring different things for one path, if symlinks form a loop, or if a hard
     *     link leads to no regular file; the message names the origins
     * @throws StorageException if contents that must be compared cannot be read
     */
    public Tree build() {
        Map<String, Symlink> links = placeSymlinks();
        NavigableMap<String, TreeEntry> placed = new TreeMap<>();
        links.values().forEach(link -> place(placed, link));
        for (Directory directory : directories) {
            String path = resolve(directory.path(), links, directory.origin());
            place(placed, new Directory(path, directory.attributes(), directory.origin()));
        }
        for (RegularFile file : files) {
            String path = resolveParent(file.path(), links, file.origin());
            place(placed, new RegularFile(path, file.attributes(), file.content(), file.origin()));
        }
        for (HardLink link : hardLinks) {
            String path = resolveParent(link.path(), links, link.origin());
            String file = resolveParent(link.file(), links, link.origin());
            place(placed, new HardLink(path, file, link.origin()));
        }
        for (TreeEntry entry : placed.values()) {
            if (entry instanceof HardLink link && !(placed.get(link.file()) instanceof RegularFile)) {
                throw new FormatException(
                        link.origin(), "the hard link " + link.path() + " leads to no regular file: " + link.file());
            }
        }
        addMissingParents(placed);
        return new Tree(placed);
    }

    /** A symlink can itself lie beyond another: place all until nothing moves any more. */
    private Map<String, Symlink> placeSymlinks() {
        Map<String, Symlink> links = new LinkedHashMap<>();
        for (int round = 0; round <= MAX_SYMLINKS; round++) {
            Map<String, Symlink> next = new LinkedHashMap<>();
            for (Symlink link : symlinks) {
                String path = resolveParent(link.path(), links, link.origin());
                Symlink moved = new Symlink(path, link.attributes(), link.target(), link.origin());
                Symlink other = next.putIfAbsent(path, moved);
                if (other != null && !other.target().equals(moved.target())) {
                    throw conflict(other, moved, "as symlinks to " + other.target() + " and " + moved.target());
                }
            }
            if (next.keySet().equals(links.keySet())) {
                return links;
            }
            links = next;
        }
        throw new FormatException("root tree", "its symlinks lead through each other without end");
    }

    private static void place(Map<String, TreeEntry> placed, TreeEntry entry) {
        TreeEntry other = placed.get(entry.path());
        if (other == null || (entry instanceof Directory && other instanceof Directory)) {
            placed.put(entry.path(), entry);
        } else if (entry instanceof RegularFile file && other instanceof RegularFile before) {
            if (!file.attributes().samePermissions(before.attributes())) {
                throw conflict(before, file, "with different modes, owners or extended attributes");
            }
            if (!sameContent(file, before)) {
                throw conflict(before, file, "with different contents");
            }
        } else if (!(entry instanceof HardLink link
                && other instanceof HardLink before
                && link.file().equals(before.file()))) {
            throw conflict(other, entry, "as " + type(other) + " and " + type(entry));
        }
    }

    private static void addMissingParents(NavigableMap<String, TreeEntry> placed) {
        Map<String, TreeEntry> missing = new HashMap<>();
        missing.put("/", implied("/"));
        for (TreeEntry entry : placed.values()) {
            String path = entry.path();
            for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                String parent = path.substring(0, slash);
                TreeEntry present = placed.get(parent);
                if (present != null && !(present instanceof Directory)) {
                    throw conflict(present, entry, "as " + type(present) + " and as the directory of " + path);
                }
                if (missing.putIfAbsent(parent, implied(parent)) != null) {
                    break;
                }
            }
        }
        missing.forEach(placed::putIfAbsent);
    }

    private static Directory implied(String path) {
        return new Directory(path, Attributes.root(0755, 0), IMPLIED);
    }

    /** Follows the symlinks of all parts of a path but the last. */
    private static String resolveParent(String path, Map<String, Symlink> links, String origin) {
        int slash = path.lastIndexOf('/');
        String parent = resolve(path.substring(0, Math.max(slash, 1)), links, origin);
        String place = (parent.equals("/") ? "" : parent) + path.substring(slash);
        return checkPath(place, origin);
    }

    /** Follows the symlinks of all parts of a path, as the kernel would with the tree as its root. */
    private static String resolve(String path, Map<String, Symlink> links, String origin) {
        Deque<String> ahead = new ArrayDeque<>(parts(path));
        StringBuilder place = new StringBuilder();
        int followed = 0;
        while (!ahead.isEmpty()) {
            String part = ahead.pop();
            if (part.equals("..")) {
                place.setLength(Math.max(place.lastIndexOf("/"), 0));
                continue;
            }
            int parent = place.length();
            place.append('/').append(part);
            Symlink link = links.get(place.toString());
            if (link == null) {
                continue;
            }
            if (++followed > MAX_SYMLINKS) {
                throw new FormatException(origin, path + " leads through a loop of symlinks at " + link.path());
            }
            place.setLength(link.target().startsWith("/") ? 0 : parent);
            List<String> target = parts(link.target());
            for (int i = target.size() - 1; i >= 0; i--) {
                ahead.push(target.get(i));
            }
        }
        return place.isEmpty() ? "/" : place.toString();
    }

    private static List<String> parts(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }

    private static String checkPath(String path, String origin) {
        if (path.equals("/")) {
            return path;
        }
        if (!path.startsWith("/") || path.indexOf('\0') >= 0 || path.getBytes(UTF_8).length > MAX_PATH) {
            throw new FormatException(origin, "not an absolute path of at most " + MAX_PATH + " bytes: " + shown(path));
        }
        for (String part : path.substring(1).split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.getBytes(UTF_8).length > MAX_NAME) {
                throw new FormatException(origin, "not a path in normal form: " + shown(path));
            }
        }
        return path;
    }

    private static void checkTarget(Symlink link) {
        String target = link.target();
        if (target.isEmpty() || target.indexOf('\0') >= 0 || target.getBytes(UTF_8).length > MAX_PATH) {
            throw new FormatException(link.origin(), "the symlink " + shown(link.path()) + " has no valid target");
        }
    }

    private static String shown(String path) {
        String shown = path.length() > 200 ? path.substring(0, 200) + "…" : path;
        return "'" + shown.replace('\0', '?') + "'";
    }

    private static String type(TreeEntry entry) {
        if (entry instanceof Directory) {
            return "a directory";
        }
        if (entry instanceof RegularFile) {
            return "a regular file";
        }
        return entry instanceof Symlink ? "a symlink" : "a hard link";
    }

    private static FormatException conflict(TreeEntry one, TreeEntry other, String difference) {
        return new FormatException(
                "root tree",
                one.path() + " comes from both " + one.origin() + " and " + other.origin() + ", " + difference,
                "leave one of the two packages out, or the file out of one of them",
                null);
    }

    private static boolean sameContent(RegularFile one, RegularFile other) {
        if (one.content() == other.content()) {
            return true;
        }
        if (one.content().size() != other.content().size()) {
            return false;
        }
        try (InputStream a = one.content().open();
                InputStream b = other.content().open()) {
            while (true) {
                byte[] left = a.readNBytes(1 << 16);
                if (!Arrays.equals(left, b.readNBytes(1 << 16))) {
                    return false;
                }
                if (left.length == 0) {
                    return true;
                }
            }
        } catch (IOException e) {
            throw StorageException.of("read", one.path() + " of " + one.origin(), e);
        }
    }
}
