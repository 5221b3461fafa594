package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.tar.TarEntry;
import dev.twoliter.oci.internal.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a layer, plain or compressed with gzip or zstd (told by their first bytes), without trusting it: nothing is
 * written outside its directory, nothing through a symbolic link, no link leads out, and there are limits. Names are held
 * against what is on the disk, so that it does not matter which names a file system takes for the same. Not thread-safe.
 */
public final class LayerUnpacker {

    /** What names of removals begin with (OCI image specification 1.1, layer.md, "Whiteouts"). */
    private static final String WHITEOUT = ".wh.";

    private static final int MAX_PATH = 4096;
    private static final int MAX_NAME = 255;
    private static final int MAX_DEPTH = 256;

    /** What is remembered of all entries must fit into memory. */
    private static final long MAX_NAMES = 16L << 20;

    /** From here on it is worth asking whether there is room for a file. */
    private static final long LARGE = 1 << 20;

    private static final int BUFFER = 1 << 17;

    private final Path target;
    private final String subject;
    private final LayerLimits limits;
    private final Map<String, Digest> files = new HashMap<>();
    private final byte[] buffer = new byte[BUFFER];
    private int made;
    private long names;
    private @Nullable FileStore store;

    private LayerUnpacker(Path target, String subject, LayerLimits limits) {
        this.target = target;
        this.subject = subject;
        this.limits = limits;
    }

    /**
     * Unpacks a layer with the {@link LayerLimits#DEFAULT usual limits}; see {@link #unpack(InputStream, Path, String,
     * LayerLimits)}.
     *
     * @param layer the layer; not closed
     * @param directory where to; made if it is missing, else empty
     * @param subject what is unpacked, for messages
     * @return the layer
     */
    public static UnpackedLayer unpack(InputStream layer, Path directory, String subject) {
        return unpack(layer, directory, subject, LayerLimits.DEFAULT);
    }

    /**
     * Unpacks a layer into a directory of its own. Owners, times and modes are left out, but for the execute bit. Of
     * entries with one name the last stands, as with other programs; whiteouts are refused, because of these some
     * understand them and some do not. The layer is read to its end, so that a {@link VerifyingStream} comes to its
     * verdict: only then may the directory be used.
     *
     * @param layer the layer; not closed
     * @param directory where to; made if it is missing, else empty
     * @param subject what is unpacked, for messages
     * @param limits how large it may be
     * @return the layer
     * @throws FormatException if the layer is damaged, hostile or too large; what was unpacked before stays
     * @throws StorageException if the layer cannot be read, or the directory cannot be written or has no room
     */
    public static UnpackedLayer unpack(InputStream layer, Path directory, String subject, LayerLimits limits) {
        LayerUnpacker unpacker = new LayerUnpacker(directory.toAbsolutePath().normalize(), subject, limits);
        unpacker.unpack(layer);
        return new UnpackedLayer(directory, subject, unpacker.files);
    }

    private void unpack(InputStream layer) {
        try (TarReader tar = new TarReader(
                new LayerStream(layer, subject, limits.maxRatio()), subject, limits.maxBytes(), limits.maxEntries())) {
            Files.createDirectories(target);
            requireEmpty();
            for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
                place(tar, entry);
            }
        } catch (IOException e) {
            throw StorageException.of("unpack", subject + " to " + target, e);
        }
    }

    /** What others have put there could be a link that leads out. */
    private void requireEmpty() throws IOException {
        try (Stream<Path> children = Files.list(target)) {
            if (children.findAny().isPresent()) {
                throw new IOException("the directory is not empty");
            }
        }
    }

    private void place(TarReader tar, TarEntry entry) throws IOException {
        Path path = inside(entry, entry.name());
        names += entry.name().length() + entry.link().length();
        if (names > MAX_NAMES) {
            throw bad(entry, "is one of too many with long names");
        }
        if (path.equals(target)) {
            if (entry.kind() != TarEntry.Kind.DIRECTORY) {
                throw bad(entry, "takes the place of a directory");
            }
            return;
        }
        makeParents(entry, path);
        switch (entry.kind()) {
            case DIRECTORY -> makeDirectory(entry, path);
            case SYMLINK -> makeSymlink(entry, path);
            case HARD_LINK -> makeHardLink(entry, path);
            case FILE -> makeFile(tar, entry, path);
            default -> throw bad(entry, "is a device, pipe or socket, or of an unknown kind");
        }
    }

    private void makeSymlink(TarEntry entry, Path path) throws IOException {
        requireInside(entry, path);
        replace(entry, path);
        try {
            Files.createSymbolicLink(path, Path.of(entry.link()));
        } catch (InvalidPathException e) {
            throw bad(entry, "points to a name that no layer may have");
        }
    }

    private void makeHardLink(TarEntry entry, Path path) throws IOException {
        Path existing = inside(entry, entry.link());
        Digest digest = files.get(name(existing));
        if (digest == null || existing.equals(path) || !isOwnFile(existing)) {
            throw bad(entry, "is a hard link to '" + entry.link() + "', which is no other file of the layer");
        }
        replace(entry, path);
        Files.createLink(path, existing);
        files.put(name(path), digest);
    }

    private void makeFile(TarReader tar, TarEntry entry, Path path) throws IOException {
        replace(entry, path);
        requireRoom(entry);
        files.put(name(path), write(tar, path));
        if ((entry.mode() & 0100) != 0 && !path.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make " + path + " executable");
        }
    }

    private Digest write(TarReader tar, Path path) throws IOException {
        MessageDigest sha256 = Digest.newSha256();
        try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
                sha256.update(buffer, 0, n);
                out.write(buffer, 0, n);
            }
        }
        return Digest.ofSha256Hash(sha256.digest());
    }

    private void requireRoom(TarEntry entry) throws IOException {
        if (entry.size() < LARGE) {
            return;
        }
        if (usable() < entry.size()) {
            throw new IOException(
                    "'" + entry.shortName() + "' has " + entry.size() + " bytes: No space left on device");
        }
    }

    private long usable() {
        try {
            if (store == null) {
                store = Files.getFileStore(target);
            }
            return store.getUsableSpace();
        } catch (IOException e) {
            // Some mounts cannot be asked; then writing tells.
            return Long.MAX_VALUE;
        }
    }

    /** A file's key: on every system with slashes. */
    private String name(Path path) {
        StringBuilder name = new StringBuilder();
        for (Path part : target.relativize(path)) {
            name.append(name.length() == 0 ? "" : "/").append(part);
        }
        return name.toString();
    }

    /** The path that an entry's name means; refuses names that lead out of the target. */
    private Path inside(TarEntry entry, String name) {
        if (name.length() > MAX_PATH || name.startsWith("/")) {
            throw bad(entry, "has a name that no layer may have");
        }
        Path path = target;
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                throw bad(entry, "leads out of the target directory");
            }
            if (part.startsWith(WHITEOUT)) {
                throw bad(entry, "is a whiteout: it stands for the removal of something in a layer below");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                path = child(entry, path, part);
            }
        }
        if (path.getNameCount() - target.getNameCount() > MAX_DEPTH) {
            throw bad(entry, "lies in more than " + MAX_DEPTH + " directories");
        }
        return path;
    }

    /** A part may be more than a name where this system has other separators than a slash. */
    private Path child(TarEntry entry, Path parent, String part) {
        try {
            Path path = parent.resolve(part);
            if (parent.equals(path.getParent()) && part.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME) {
                return path;
            }
        } catch (InvalidPathException e) {
            // Refused below: it has a NUL, or what else this system does not take.
        }
        throw bad(entry, "has a name that no layer may have");
    }

    /**
     * A link may point anywhere inside the target, but not out of it, not even through the root. It may go up only
     * before it goes down: what it goes up from is then a real directory, and what it goes down through can be a link
     * for which the same holds.
     */
    private void requireInside(TarEntry entry, Path link) {
        String to = entry.link();
        if (to.isEmpty() || to.startsWith("/") || to.length() > MAX_PATH) {
            throw bad(entry, "is a symbolic link to an absolute path, or to none");
        }
        int depth = link.getNameCount() - target.getNameCount() - 1;
        boolean down = false;
        for (String part : to.split("/", -1)) {
            if (part.equals("..")) {
                if (down || --depth < 0) {
                    throw bad(entry, "is a symbolic link that leads, or could be made to lead, out of the target");
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                down = true;
            }
        }
    }

    private void makeParents(TarEntry entry, Path path) throws IOException {
        Path at = target;
        for (int i = target.getNameCount(); i < path.getNameCount() - 1; i++) {
            at = at.resolve(path.getName(i));
            makeDirectory(entry, at);
        }
    }

    private void makeDirectory(TarEntry entry, Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw bad(entry, "leads through '" + target.relativize(path) + "', which is no directory");
        }
        if (++made > limits.maxEntries()) {
            throw new FormatException(subject, "it has more than " + limits.maxEntries() + " directories");
        }
        Files.createDirectory(path);
    }

    /** Whether a path is a file that is reached through directories only. */
    private boolean isOwnFile(Path path) {
        for (Path at = path.getParent(); at != null && !at.equals(target); at = at.getParent()) {
            if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
        }
        return !path.equals(target) && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    private void replace(TarEntry entry, Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw bad(entry, "takes the place of a directory");
        }
        boolean isFile = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        Files.deleteIfExists(path);
        if (files.remove(name(path)) == null && isFile) {
            throw bad(entry, "is the same file as one with another name, because this file system takes both for one");
        }
    }

    private FormatException bad(TarEntry entry, String why) {
        return new FormatException(
                subject,
                "the entry '" + entry.shortName() + "' " + why,
                "The layer is damaged or hostile; do not use the image.",
                null);
    }
}
