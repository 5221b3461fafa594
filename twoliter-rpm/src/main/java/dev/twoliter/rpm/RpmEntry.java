package dev.twoliter.rpm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;

/**
 * A file that {@link RpmBuilder} puts into a package: one of the factories, then what differs from its defaults (owner
 * and group {@code root}, mode 0644 or 0755 for directories, the package's build time, no flags). Immutable,
 * thread-safe.
 *
 * <pre>{@code
 * RpmEntry.file("/usr/bin/hello", Path.of("hello.sh")).mode(0755)
 * RpmEntry.file("/etc/hello.conf", "x = 1\n".getBytes(UTF_8)).flag(FileFlag.CONFIG).flag(FileFlag.NO_REPLACE)
 * }</pre>
 */
public final class RpmEntry {

    /** Where a regular file's bytes come from. */
    interface Content {
        long size() throws IOException;

        InputStream open() throws IOException;
    }

    private static final Content EMPTY = bytes(new byte[0]);

    private final String path;
    private final int mode;
    private final String owner;
    private final String group;
    private final int flags;
    private final String capabilities;
    private final long mtime; // -1: the package's build time
    private final String linkTarget;
    private final Content content;

    private RpmEntry(
            String path,
            int mode,
            String owner,
            String group,
            int flags,
            String capabilities,
            long mtime,
            String linkTarget,
            Content content) {
        this.path = path;
        this.mode = mode;
        this.owner = owner;
        this.group = group;
        this.flags = flags;
        this.capabilities = capabilities;
        this.mtime = mtime;
        this.linkTarget = linkTarget;
        this.content = content;
    }

    private static RpmEntry of(String path, int mode, int flags, String linkTarget, Content content) {
        return new RpmEntry(RpmPaths.requireAbsolute(path), mode, "root", "root", flags, "", -1, linkTarget, content);
    }

    /**
     * Makes a regular file, mode 0644.
     *
     * @param path where it is installed: absolute, without {@code .} and {@code ..}
     * @param source the file to read when the package is written; it must not change meanwhile
     * @return the entry
     * @throws IllegalArgumentException if the path is not such
     */
    public static RpmEntry file(String path, Path source) {
        Objects.requireNonNull(source, "source");
        return of(path, RpmFile.REGULAR | 0644, 0, "", new Content() {
            @Override
            public long size() throws IOException {
                return Files.size(source);
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(source);
            }
        });
    }

    /**
     * Makes a regular file, mode 0644.
     *
     * @param path where it is installed
     * @param content its bytes
     * @return the entry
     * @throws IllegalArgumentException if the path is not absolute or has {@code .} or {@code ..} in it
     */
    public static RpmEntry file(String path, byte[] content) {
        return of(path, RpmFile.REGULAR | 0644, 0, "", bytes(content.clone()));
    }

    private static Content bytes(byte[] bytes) {
        return new Content() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }
        };
    }

    /**
     * Makes a directory, mode 0755.
     *
     * @param path its path
     * @return the entry
     * @throws IllegalArgumentException if the path is not absolute or has {@code .} or {@code ..} in it
     */
    public static RpmEntry directory(String path) {
        return of(path, RpmFile.DIRECTORY | 0755, 0, "", EMPTY);
    }

    /**
     * Makes a symbolic link.
     *
     * @param path its path
     * @param target what it points to; not empty
     * @return the entry
     * @throws IllegalArgumentException if the path is not absolute or has {@code .} or {@code ..} in it
     */
    public static RpmEntry symlink(String path, String target) {
        if (target.isEmpty() || target.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the symbolic link " + path + " needs a target");
        }
        return of(path, RpmFile.SYMLINK | 0777, 0, target, EMPTY);
    }

    /**
     * Makes a regular file that the package owns but does not contain, mode 0644.
     *
     * @param path its path
     * @return the entry
     * @throws IllegalArgumentException if the path is not absolute or has {@code .} or {@code ..} in it
     */
    public static RpmEntry ghost(String path) {
        return of(path, RpmFile.REGULAR | 0644, FileFlag.GHOST.bit(), "", EMPTY);
    }

    /**
     * {@return this entry with other permissions}
     *
     * @param permissions 12 bits: setuid, setgid, sticky and three times read, write, execute
     */
    public RpmEntry mode(int permissions) {
        if ((permissions & ~07777) != 0) {
            throw new IllegalArgumentException(
                    path + ": permissions have 12 bits, but these are 0" + Integer.toOctalString(permissions));
        }
        return new RpmEntry(
                path,
                (mode & RpmFile.TYPE_MASK) | permissions,
                owner,
                group,
                flags,
                capabilities,
                mtime,
                linkTarget,
                content);
    }

    /**
     * {@return this entry with another owner}
     *
     * @param name of the user
     */
    public RpmEntry owner(String name) {
        return new RpmEntry(path, mode, requireName(name), group, flags, capabilities, mtime, linkTarget, content);
    }

    /**
     * {@return this entry with another group}
     *
     * @param name of the group
     */
    public RpmEntry group(String name) {
        return new RpmEntry(path, mode, owner, requireName(name), flags, capabilities, mtime, linkTarget, content);
    }

    private String requireName(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(path + ": an owner or a group must have a name");
        }
        return name;
    }

    /**
     * {@return this entry with one more flag}
     *
     * @param flag the flag
     */
    public RpmEntry flag(FileFlag flag) {
        return new RpmEntry(path, mode, owner, group, flags | flag.bit(), capabilities, mtime, linkTarget, content);
    }

    /**
     * {@return this entry with file capabilities}
     *
     * @param text as {@code cap_from_text} reads it, such as {@code cap_net_raw=ep}; only for regular files
     */
    public RpmEntry capabilities(String text) {
        Objects.requireNonNull(text, "text");
        return new RpmEntry(path, mode, owner, group, flags, text, mtime, linkTarget, content);
    }

    /**
     * {@return this entry with its own modification time}
     *
     * @param time whole seconds count, from 1970 to 2106
     */
    public RpmEntry modified(Instant time) {
        return new RpmEntry(
                path,
                mode,
                owner,
                group,
                flags,
                capabilities,
                RpmBuilder.requireSeconds("modification time of " + path, time),
                linkTarget,
                content);
    }

    /** {@return where it is installed} */
    public String path() {
        return path;
    }

    boolean inPayload() {
        return (flags & FileFlag.GHOST.bit()) == 0;
    }

    Content content() {
        return content;
    }

    /** What the header will say about it, once size and digest are known. */
    RpmFile toFile(long size, String digest, long buildTime, int inode, int color) {
        return new RpmFile(
                path,
                mode,
                owner,
                group,
                size,
                digest,
                linkTarget,
                flags,
                mtime < 0 ? buildTime : mtime,
                capabilities,
                0,
                inode,
                "",
                color,
                inPayload() ? FileTable.VERIFY_ALL : FileTable.VERIFY_GHOST);
    }
}
