package dev.twoliter.core.internal.disk.erofs;

import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.XATTR_ENTRY_SIZE;
import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.XATTR_HEADER_SIZE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.tree.Xattrs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Encodes extended attributes. What more than one inode has, such as a common SELinux label, is stored once, in an area
 * of its own; the rest lies behind its inode.
 */
final class XattrTable {
    /** The prefixes that have a number in place of their text; no other attributes exist in EROFS. */
    enum Prefix {
        USER(1, "user."),
        ACL_ACCESS(2, "system.posix_acl_access"),
        ACL_DEFAULT(3, "system.posix_acl_default"),
        TRUSTED(4, "trusted."),
        SECURITY(6, "security.");

        final int index;
        final String text;

        Prefix(int index, String text) {
            this.index = index;
            this.text = text;
        }
    }

    private final Map<ByteBuffer, Integer> uses = new LinkedHashMap<>();
    private final Map<ByteBuffer, Integer> shared = new LinkedHashMap<>();
    private int sharedSize;

    /** Counts the attributes of one inode. */
    void count(Xattrs xattrs, String path) {
        for (ByteBuffer entry : entries(xattrs, path)) {
            uses.merge(entry, 1, Integer::sum);
        }
    }

    /** Gives what is shared its place; to be called once all inodes are counted. */
    void share() {
        uses.forEach((entry, count) -> {
            if (count > 1) {
                shared.put(entry, sharedSize);
                sharedSize = Math.addExact(sharedSize, entry.limit());
            }
        });
        uses.clear();
    }

    /** The area of shared attributes. */
    ByteBuffer sharedArea() {
        ByteBuffer area = ErofsFormat.allocate(sharedSize);
        shared.keySet().forEach(entry -> area.put(entry.duplicate()));
        return area.flip();
    }

    /** What follows an inode: empty without attributes. */
    byte[] area(Xattrs xattrs, String path) {
        if (xattrs.names().isEmpty()) {
            return new byte[0];
        }
        List<Integer> places = new ArrayList<>();
        List<ByteBuffer> own = new ArrayList<>();
        for (ByteBuffer entry : entries(xattrs, path)) {
            Integer place = shared.get(entry);
            if (place != null && places.size() < ErofsFormat.MAX_SHARED_XATTRS) {
                places.add(place);
            } else {
                own.add(entry);
            }
        }
        int size = XATTR_HEADER_SIZE
                + 4 * places.size()
                + own.stream().mapToInt(ByteBuffer::limit).sum();
        if ((size - XATTR_HEADER_SIZE) / 4 + 1 > 0xFFFF) {
            throw new FormatException(path, "has more extended attributes than EROFS can store");
        }
        ByteBuffer area = ErofsFormat.allocate(size);
        area.putInt(0);
        area.put((byte) places.size());
        area.position(XATTR_HEADER_SIZE);
        places.forEach(place -> area.putInt(place / 4));
        own.forEach(entry -> area.put(entry.duplicate()));
        return area.array();
    }

    private static List<ByteBuffer> entries(Xattrs xattrs, String path) {
        List<ByteBuffer> entries = new ArrayList<>();
        for (String name : xattrs.names()) {
            entries.add(entry(name, xattrs.value(name), path));
        }
        return entries;
    }

    private static ByteBuffer entry(String name, byte[] value, String path) {
        for (Prefix prefix : Prefix.values()) {
            if (!name.startsWith(prefix.text)) {
                continue;
            }
            byte[] rest = name.substring(prefix.text.length()).getBytes(UTF_8);
            if (rest.length > 0xFF || value.length > 0xFFFF) {
                throw new FormatException(path, "the extended attribute " + name + " is too long for EROFS");
            }
            ByteBuffer entry =
                    ErofsFormat.allocate(ErofsFormat.align(XATTR_ENTRY_SIZE + rest.length + value.length, 4));
            entry.put((byte) rest.length).put((byte) prefix.index).putShort((short) value.length);
            entry.put(rest).put(value);
            return entry.clear();
        }
        throw new FormatException(path, "EROFS cannot store the extended attribute " + name);
    }
}
