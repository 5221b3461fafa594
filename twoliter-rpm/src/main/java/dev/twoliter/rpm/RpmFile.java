package dev.twoliter.rpm;

import java.util.Objects;

/**
 * What a package's header says about one file. Immutable, thread-safe.
 *
 * @param path absolute, without {@code .} and {@code ..}
 * @param mode the whole {@code st_mode}: type and permissions, 16 bits
 * @param owner the user's name
 * @param group the group's name
 * @param size in bytes
 * @param digest of a regular file's content, lower-case hexadecimal, in the package's digest algorithm (SHA-256 unless
 *     the package is ancient); empty for other types and for ghosts
 * @param linkTarget of a symbolic link; empty for other types
 * @param flags the bits of {@link FileFlag}
 * @param mtime modification time, seconds since 1970
 * @param capabilities text such as {@code cap_net_raw=ep}; empty when there are none
 * @param device the number of a device node, 16 bits; 0 for other types
 * @param inode equal for regular files of one package that are hard links of each other
 * @param language the languages it is for, as {@code %lang} gives them, such as {@code de}; empty when it is for all
 * @param color 1 for a 32-bit ELF file, 2 for a 64-bit one, 0 for the rest
 * @param verifyFlags the bits of what {@code rpm -V} compares, 32 bits
 */
public record RpmFile(
        String path,
        int mode,
        String owner,
        String group,
        long size,
        String digest,
        String linkTarget,
        int flags,
        long mtime,
        String capabilities,
        int device,
        int inode,
        String language,
        int color,
        long verifyFlags) {

    static final int TYPE_MASK = 0170000;
    static final int REGULAR = 0100000;
    static final int DIRECTORY = 0040000;
    static final int SYMLINK = 0120000;

    public RpmFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(linkTarget, "linkTarget");
        Objects.requireNonNull(capabilities, "capabilities");
        Objects.requireNonNull(language, "language");
    }

    /** {@return permissions with setuid, setgid and sticky bit: 12 bits} */
    public int permissions() {
        return mode & 07777;
    }

    /** {@return whether it is a regular file} */
    public boolean isRegular() {
        return (mode & TYPE_MASK) == REGULAR;
    }

    /** {@return whether it is a directory} */
    public boolean isDirectory() {
        return (mode & TYPE_MASK) == DIRECTORY;
    }

    /** {@return whether it is a symbolic link} */
    public boolean isSymlink() {
        return (mode & TYPE_MASK) == SYMLINK;
    }

    /**
     * {@return whether the package marks it so}
     *
     * @param flag the mark
     */
    public boolean has(FileFlag flag) {
        return (flags & flag.bit()) != 0;
    }
}
