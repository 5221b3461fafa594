package dev.twoliter.rpm;

import dev.twoliter.api.StorageException;
import dev.twoliter.rpm.internal.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a package as a text in the format of mtree(5), one line each: type, mode, owner, group, size, time, digest,
 * link target, device numbers and capabilities, whatever of these a directory on disk could not keep. Ghosts are marked
 * {@code optional}; names of a set of hard links share an {@code inode}. {@code capabilities} is our own keyword, which
 * other readers pass over. Only the header is read.
 *
 * <pre>
 * #mtree
 * ./usr/bin/hello type=file mode=0755 uname=root gname=root time=1700000000.0 size=21 sha256digest=bfde...
 * </pre>
 */
public final class TreeManifest {
    private TreeManifest() {}

    /**
     * {@return the manifest, lines in the header's order}
     *
     * @param rpm the package
     * @throws dev.twoliter.api.FormatException if its file lists do not fit together
     */
    public static String of(RpmPackage rpm) {
        List<RpmFile> files = rpm.files();
        Map<Integer, Integer> links = new HashMap<>();
        files.stream().filter(RpmFile::isRegular).forEach(file -> links.merge(file.inode(), 1, Integer::sum));
        String digest = digestKeyword(rpm.header().number(RpmTag.FILEDIGESTALGO).orElse(FileDigests.MD5));
        StringBuilder text = new StringBuilder("#mtree\n");
        for (RpmFile file : files) {
            line(text, file, digest, file.isRegular() ? links.getOrDefault(file.inode(), 1) : 1);
        }
        return text.toString();
    }

    /**
     * Writes the manifest of a package to a file, which is replaced when it exists.
     *
     * @param rpm the package
     * @param target the file
     * @throws StorageException if it cannot be written
     */
    public static void write(RpmPackage rpm, Path target) {
        try {
            AtomicFile.write(target, of(rpm).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw StorageException.of("write", target, e);
        }
    }

    private static void line(StringBuilder text, RpmFile file, String digest, int links) {
        escape(text, "." + file.path());
        text.append(" type=").append(type(file)).append(" mode=0").append(Integer.toOctalString(file.permissions()));
        keyword(text, "uname", file.owner());
        keyword(text, "gname", file.group());
        text.append(" time=").append(file.mtime()).append(".0");
        if (file.isRegular()) {
            text.append(" size=").append(file.size());
            if (!digest.isEmpty()) {
                keyword(text, digest, file.digest());
            }
        }
        keyword(text, "link", file.linkTarget());
        if (type(file).equals("char") || type(file).equals("block")) {
            text.append(" device=linux,")
                    .append(file.device() >> 8 & 0xFF)
                    .append(',')
                    .append(file.device() & 0xFF);
        }
        if (links > 1) {
            text.append(" inode=").append(file.inode()).append(" nlink=").append(links);
        }
        keyword(text, "capabilities", file.capabilities());
        text.append(file.has(FileFlag.GHOST) ? " optional\n" : "\n");
    }

    private static String type(RpmFile file) {
        return switch (file.mode() & RpmFile.TYPE_MASK) {
            case RpmFile.DIRECTORY -> "dir";
            case RpmFile.SYMLINK -> "link";
            case 0020000 -> "char";
            case 0060000 -> "block";
            case 0010000 -> "fifo";
            case 0140000 -> "socket";
            default -> "file";
        };
    }

    private static String digestKeyword(long algorithm) {
        return switch ((int) algorithm) {
            case FileDigests.MD5 -> "md5digest";
            case 2 -> "sha1digest";
            case FileDigests.SHA256 -> "sha256digest";
            case 9 -> "sha384digest";
            case 10 -> "sha512digest";
            default -> "";
        };
    }

    private static void keyword(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(' ').append(name).append('=');
            escape(text, value);
        }
    }

    /** As vis(3) with octal numbers: everything but printable ASCII, and what has a meaning in the format. */
    private static void escape(StringBuilder text, String value) {
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7F && b != '\\' && b != '#') {
                text.append((char) b);
            } else {
                text.append('\\')
                        .append((char) ('0' + (b >> 6 & 3)))
                        .append((char) ('0' + (b >> 3 & 7)))
                        .append((char) ('0' + (b & 7)));
            }
        }
    }
}
