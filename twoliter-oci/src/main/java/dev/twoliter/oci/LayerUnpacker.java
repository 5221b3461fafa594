package dev.twoliter.oci;

import com.github.luben.zstd.ZstdInputStream;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Unpacks layers, plain or compressed with gzip or zstd (told by their first bytes), without trusting them: nothing is
 * written outside the target, nothing through a symbolic link, and there are limits.
 */
public final class LayerUnpacker {

    private static final long MAX_BYTES = 256L << 30;
    private static final int MAX_ENTRIES = 1_000_000;
    private static final int MAX_PATH = 4096;

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
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(plain(new BufferedInputStream(layer)), StandardCharsets.UTF_8.name())) {
            Files.createDirectories(target);
            long bytes = 0;
            int count = 0;
            for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
                bytes += Math.max(entry.getSize(), 0);
                if (++count > MAX_ENTRIES || bytes > MAX_BYTES || entry.isSparse()) {
                    throw bad(entry, "exceeds what a layer may hold");
                }
                place(tar, entry);
            }
        } catch (IOException e) {
            throw StorageException.of("unpack", subject, e);
        }
    }

    private TarArchiveEntry next(TarArchiveInputStream tar) throws IOException {
        try {
            return tar.getNextEntry();
        } catch (IllegalArgumentException e) {
            throw new FormatException(subject, "it is not a tar archive", "", e);
        }
    }

    private InputStream plain(BufferedInputStream in) throws IOException {
        in.mark(4);
        byte[] magic = in.readNBytes(4);
        in.reset();
        if (magic.length >= 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b) {
            return new GZIPInputStream(in, 1 << 16);
        }
        if (magic.length == 4
                && (magic[0] & 0xff) == 0x28
                && (magic[1] & 0xff) == 0xb5
                && (magic[2] & 0xff) == 0x2f
                && (magic[3] & 0xff) == 0xfd) {
            return new ZstdInputStream(in);
        }
        return in;
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
                tar.transferTo(out);
            }
            if ((entry.getMode() & 0100) != 0 && !path.toFile().setExecutable(true, false)) {
                throw new IOException("cannot make " + path + " executable");
            }
        } else {
            throw bad(entry, "is a device, pipe or socket");
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
        Path at = link.getParent();
        for (String part : to.split("/")) {
            at = part.equals("..") ? at.getParent() : part.isEmpty() || part.equals(".") ? at : at.resolve(part);
            if (at == null || !at.startsWith(target)) {
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
