package dev.twoliter.oci;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.tar.LayerStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks layers, plain or compressed with gzip or zstd (told by their first bytes), without trusting them: nothing is
 * written outside the target, nothing through a symbolic link, and there are limits.
 */
public final class LayerUnpacker {

    private static final long MAX_BYTES = 256L << 30;
    private static final int MAX_ENTRIES = 1_000_000;
    private static final int MAX_PATH = 4096;

    /** What lies between two contents: padding, a header, and extended headers with long names. */
    private static final long MAX_HEADERS = 1 << 20;

    private final Path target;
    private final String subject;

    private LayerUnpacker(Path target, String subject) {
        this.target = target;
        this.subject = subject;
    }

    /**
     * Unpacks a layer over what is there. Owners, times and modes are left out, but for the execute bit.
     *
     * @param layer the layer; not closed
     * @param target the directory; made if it is missing
     * @param subject what is unpacked, for messages
     * @throws FormatException if the layer is damaged or hostile; what was unpacked before stays
     * @throws StorageException if the target cannot be written
     */
    public static void unpack(InputStream layer, Path target, String subject) {
        new LayerUnpacker(target.toAbsolutePath().normalize(), subject).unpack(layer);
    }

    private void unpack(InputStream layer) {
        try (LayerStream in = LayerStream.open(layer, subject)) {
            Files.createDirectories(target);
            // Not closed, because that would read on; closing the stream below it is enough.
            TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name());
            long bytes = 0;
            int count = 0;
            for (TarArchiveEntry entry = next(tar, in); entry != null; entry = next(tar, in)) {
                bytes += Math.max(entry.getSize(), 0);
                if (++count > MAX_ENTRIES || bytes > MAX_BYTES || entry.isSparse()) {
                    throw bad(entry, "exceeds what a layer may hold");
                }
                place(tar, entry);
                copy(tar, entry, OutputStream.nullOutputStream());
            }
            in.drain();
            if (in.count() % TarConstants.DEFAULT_RCDSIZE != 0 || in.count() == 0) {
                throw new FormatException(subject, "it is not a tar archive, or is cut off");
            }
        } catch (IOException e) {
            throw StorageException.of("unpack", subject, e);
        }
    }

    private @Nullable TarArchiveEntry next(TarArchiveInputStream tar, LayerStream in) {
        in.limit(MAX_HEADERS);
        try {
            return tar.getNextEntry();
        } catch (IOException | IllegalArgumentException e) {
            throw new FormatException(subject, "it is not a tar archive, or damaged: " + e.getMessage(), "", e);
        } finally {
            in.unlimited();
        }
    }

    private void place(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
        Path path = inside(entry, entry.getName());
        if (path.equals(target)) {
            return;
        }
        makeParents(entry, path);
        if (entry.isDirectory()) {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(path);
                Files.createDirectory(path);
            }
        } else if (entry.isSymbolicLink()) {
            requireInside(entry, path);
            replace(entry, path);
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Path existing = inside(entry, entry.getLinkName());
            makeParents(entry, existing);
            if (!Files.isRegularFile(existing, LinkOption.NOFOLLOW_LINKS)) {
                throw bad(entry, "is a hard link to '" + entry.getLinkName() + "', which is no file of the layer");
            }
            replace(entry, path);
            Files.createLink(path, existing);
        } else if (entry.isFile() && !entry.isBlockDevice() && !entry.isCharacterDevice() && !entry.isFIFO()) {
            replace(entry, path);
            try (OutputStream out = Files.newOutputStream(path)) {
                copy(tar, entry, out);
            }
            if ((entry.getMode() & 0100) != 0 && !path.toFile().setExecutable(true, false)) {
                throw new IOException("cannot make " + path + " executable");
            }
        } else {
            throw bad(entry, "is a device, pipe or socket");
        }
    }

    private void copy(TarArchiveInputStream tar, TarArchiveEntry entry, OutputStream out) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int n = read(tar, entry, buffer); n >= 0; n = read(tar, entry, buffer)) {
            out.write(buffer, 0, n);
        }
    }

    private int read(TarArchiveInputStream tar, TarArchiveEntry entry, byte[] buffer) {
        try {
            return tar.read(buffer);
        } catch (IOException e) {
            throw bad(entry, "cannot be read: " + e.getMessage());
        }
    }

    /** The path that an entry's name means; refuses names that lead out of the target. */
    private Path inside(TarArchiveEntry entry, String name) {
        if (name.length() > MAX_PATH || name.indexOf('\0') >= 0 || name.startsWith("/")) {
            throw bad(entry, "has a name that no layer may have");
        }
        Path path = target;
        for (String part : name.split("/")) {
            if (part.equals("..")) {
                throw bad(entry, "leads out of the target directory ('" + name + "')");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                try {
                    path = path.resolve(part);
                } catch (java.nio.file.InvalidPathException e) {
                    throw bad(entry, "has a name that no layer may have");
                }
            }
        }
        return path;
    }

    /** A link may point anywhere inside the target, but not out of it, not even through the root. */
    private void requireInside(TarArchiveEntry entry, Path link) {
        String to = entry.getLinkName();
        if (to.isEmpty() || to.startsWith("/") || to.length() > MAX_PATH || to.indexOf('\0') >= 0) {
            throw bad(entry, "is a symbolic link to '" + to + "', which is not a relative path");
        }
        // Below the target, one may go up as often as one is deep.
        int depth = target.relativize(link).getNameCount() - 1;
        for (String part : to.split("/")) {
            depth += part.equals("..") ? -1 : part.isEmpty() || part.equals(".") ? 0 : 1;
            if (depth < 0) {
                throw bad(entry, "is a symbolic link to '" + to + "', which leads out of the target directory");
            }
        }
    }

    private void makeParents(TarArchiveEntry entry, Path path) throws IOException {
        Path at = target;
        for (Path part : target.relativize(path.getParent())) {
            if (part.toString().isEmpty()) {
                continue;
            }
            at = at.resolve(part);
            if (Files.isSymbolicLink(at)) {
                throw bad(entry, "leads through the symbolic link " + target.relativize(at));
            }
            if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
                if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                    throw bad(entry, "lies below " + target.relativize(at) + ", which is no directory");
                }
                Files.createDirectory(at);
            }
        }
    }

    private void replace(TarArchiveEntry entry, Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw bad(entry, "takes the place of a directory");
        }
        Files.deleteIfExists(path);
    }

    private FormatException bad(TarArchiveEntry entry, String why) {
        String name = entry.getName().length() > 200 ? entry.getName().substring(0, 200) + "…" : entry.getName();
        return new FormatException(
                subject,
                "the entry '" + name + "' " + why,
                "The layer is damaged or hostile; do not use the image.",
                null);
    }
}
