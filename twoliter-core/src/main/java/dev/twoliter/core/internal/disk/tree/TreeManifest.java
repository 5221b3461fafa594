package dev.twoliter.core.internal.disk.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.Sha256;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Directory;
import dev.twoliter.core.internal.disk.tree.TreeEntry.HardLink;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Inode;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Symlink;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Writes a tree as text, one line an entry, in the mtree(5) format that BSD systems and libarchive read: path, type,
 * mode, owner, time, then size and SHA-256 of a file or the target of a link. Bytes of a path that are not printable
 * ASCII, and the space, {@code #}, {@code =} and backslash, are written as a backslash and three octal digits. Each
 * extended attribute adds a keyword of our own, {@code xattr.NAME} with the value in hexadecimal.
 */
public final class TreeManifest {
    private TreeManifest() {}

    /**
     * Writes all lines.
     *
     * @param tree the tree; all of its files are read, but those whose SHA-256 is known
     * @param out gets text that is all ASCII
     * @throws IOException if {@code out} fails
     * @throws StorageException if a file of the tree cannot be read
     */
    public static void write(Tree tree, Appendable out) throws IOException {
        out.append("#mtree\n");
        for (TreeEntry entry : tree.entries()) {
            Inode inode = entry instanceof HardLink link
                    ? (Inode) tree.find(link.file()).orElseThrow()
                    : (Inode) entry;
            Attributes attributes = inode.attributes();
            out.append('.').append(entry.path().equals("/") ? "" : escaped(entry.path()));
            out.append(String.format(
                    Locale.ROOT,
                    " type=%s mode=%04o uid=%d gid=%d time=%d.0",
                    type(inode),
                    attributes.mode(),
                    attributes.uid(),
                    attributes.gid(),
                    attributes.mtime()));
            if (inode instanceof RegularFile file) {
                out.append(" size=").append(Long.toString(file.content().size()));
                out.append(" sha256digest=").append(file.content().sha256().orElseGet(() -> sha256(file)));
            } else if (inode instanceof Symlink link) {
                out.append(" link=").append(escaped(link.target()));
            }
            for (String name : attributes.xattrs().names()) {
                String value = HexFormat.of().formatHex(attributes.xattrs().value(name));
                out.append(" xattr.").append(escaped(name)).append('=').append(value);
            }
            out.append('\n');
        }
    }

    private static String type(Inode inode) {
        if (inode instanceof Directory) {
            return "dir";
        }
        return inode instanceof Symlink ? "link" : "file";
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.getBytes(UTF_8)) {
            if (b > ' ' && b < 0x7F && "#=\\".indexOf(b) < 0) {
                escaped.append((char) b);
            } else {
                escaped.append(String.format(Locale.ROOT, "\\%03o", b & 0xFF));
            }
        }
        return escaped.toString();
    }

    private static String sha256(RegularFile file) {
        MessageDigest sha256 = Sha256.digest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = file.content().open()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha256.update(buffer, 0, n);
            }
        } catch (IOException e) {
            throw StorageException.of("read", file.path() + " of " + file.origin(), e);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }
}
