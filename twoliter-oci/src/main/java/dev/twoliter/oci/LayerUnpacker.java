package dev.twoliter.oci;

import com.github.luben.zstd.ZstdInputStream;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.tar.TarReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * Unpacks layers, plain or compressed with gzip or zstd (told by their first bytes), without trusting them: nothing is
 * written outside the target, nothing through a symbolic link, no link leads out, and there are limits.
 */
public final class LayerUnpacker {

    private static final long MAX_BYTES = 64L << 30;
    private static final int MAX_ENTRIES = 1_000_000;
    private static final int MAX_PATH = 4096;
    private static final int MAX_NAME = 255;
    private static final int MAX_DEPTH = 256;
    private static final int GZIP = 0x1f8b;
    private static final int ZSTD = 0x28b52ffd;

    private final Path target;
    private final String subject;

    private LayerUnpacker(Path target, String subject) {
        this.target = target;
        this.subject = subject;
    }

    /**
     * Unpacks a layer over what is there. Owners, times and modes are left out, but for the execute bit. The layer is
     * read to its end, so that a {@link VerifyingStream} comes to its verdict.
     *
     * @param layer the layer; not closed
     * @param target the directory; made if it is missing
     * @param subject what is unpacked, for messages
     * @throws FormatException if the layer is damaged or hostile; what was unpacked before stays
     * @throws StorageException if the layer cannot be read, or the target cannot be written
     */
    public static void unpack(InputStream layer, Path target, String subject) {
        unpack(layer, target, subject, MAX_BYTES, MAX_ENTRIES);
    }

    /**
     * Like {@link #unpack(InputStream, Path, String)}, with other limits.
     *
     * @param layer the layer; not closed
     * @param target the directory; made if it is missing
     * @param subject what is unpacked, for messages
     * @param maxBytes how many bytes it may have after decompression
     * @param maxEntries how many entries it may have
     * @throws FormatException if the layer is damaged, hostile or too large; what was unpacked before stays
     * @throws StorageException if the layer cannot be read, or the target cannot be written
     */
    public static void unpack(InputStream layer, Path target, String subject, long maxBytes, int maxEntries) {
        new LayerUnpacker(target.toAbsolutePath().normalize(), subject).unpack(layer, maxBytes, maxEntries);
    }

    private void unpack(InputStream layer, long maxBytes, int maxEntries) {
        Source source = new Source(layer, subject);
        try (TarReader tar = new TarReader(plain(new BufferedInputStream(source)), subject, maxBytes, maxEntries)) {
            Files.createDirectories(target);
            for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
                place(tar, entry);
            }
            source.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw StorageException.of("unpack", subject + " to " + target, e);
        }
    }

    /** Undoes the compression; what the decompressor then finds wrong, {@link TarReader} reports. */
    private InputStream plain(BufferedInputStream in) throws IOException {
        in.mark(4);
        int magic = 0;
        for (byte b : in.readNBytes(4)) {
            magic = magic << 8 | (b & 0xff);
        }
        in.reset();
        try {
            return magic >>> 16 == GZIP
                    ? new GZIPInputStream(in, 1 << 16)
                    : magic == ZSTD ? new ZstdInputStream(in) : in;
        } catch (IOException e) {
            throw new FormatException(subject, "its compression is damaged: " + e.getMessage(), "", e);
        }
    }

    private void place(TarReader tar, TarArchiveEntry entry) throws IOException {
        Path path = inside(entry, entry.getName());
        if (path.equals(target)) {
            if (!entry.isDirectory()) {
                throw bad(entry, "takes the place of a directory");
            }
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
            try {
                Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            } catch (InvalidPathException e) {
                throw bad(entry, "points to a name that no layer may have");
            }
        } else if (entry.isLink()) {
            Path existing = inside(entry, entry.getLinkName());
            if (existing.equals(path) || !isOwnFile(existing)) {
                throw bad(
                        entry, "is a hard link to '" + entry.getLinkName() + "', which is no other file of the layer");
            }
            replace(entry, path);
            Files.createLink(path, existing);
        } else if (TarReader.isRegular(entry)) {
            replace(entry, path);
            write(tar, path);
            if ((entry.getMode() & 0100) != 0 && !path.toFile().setExecutable(true, false)) {
                throw new IOException("cannot make " + path + " executable");
            }
        } else {
            throw bad(entry, "is a device, pipe or socket, or of an unknown kind");
        }
    }

    private static void write(TarReader tar, Path path) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(path)) {
            for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
                out.write(buffer, 0, n);
            }
        }
    }

    /** The path that an entry's name means; refuses names that lead out of the target. */
    private Path inside(TarArchiveEntry entry, String name) {
        if (name.length() > MAX_PATH || name.startsWith("/")) {
            throw bad(entry, "has a name that no layer may have");
        }
        Path path = target;
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                throw bad(entry, "leads out of the target directory");
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
    private Path child(TarArchiveEntry entry, Path parent, String part) {
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
    private void requireInside(TarArchiveEntry entry, Path link) {
        String to = entry.getLinkName();
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

    private void makeParents(TarArchiveEntry entry, Path path) throws IOException {
        Path at = target;
        for (int i = target.getNameCount(); i < path.getNameCount() - 1; i++) {
            at = at.resolve(path.getName(i));
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

    /** Whether a path is a file that is reached through directories only. */
    private boolean isOwnFile(Path path) {
        for (Path at = path.getParent(); at != null && !at.equals(target); at = at.getParent()) {
            if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
        }
        return !path.equals(target) && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    private void replace(TarArchiveEntry entry, Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw bad(entry, "takes the place of a directory");
        }
        Files.deleteIfExists(path);
    }

    private FormatException bad(TarArchiveEntry entry, String why) {
        return new FormatException(
                subject,
                "the entry '" + TarReader.shortName(entry) + "' " + why,
                "The layer is damaged or hostile; do not use the image.",
                null);
    }

    /**
     * The layer as it comes: its errors are those of a disk or a network, not those of a damaged layer. Closing it does
     * nothing, as the layer is the caller's.
     */
    private static final class Source extends InputStream {
        private final InputStream in;
        private final String subject;

        Source(InputStream layer, String subject) {
            this.in = layer;
            this.subject = subject;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            try {
                return in.read(buffer, offset, length);
            } catch (IOException e) {
                throw StorageException.of("read", subject, e);
            }
        }

        /** Never 0, which {@link GZIPInputStream} takes for the end although another member may follow. */
        @Override
        public int available() {
            return 1;
        }
    }
}
