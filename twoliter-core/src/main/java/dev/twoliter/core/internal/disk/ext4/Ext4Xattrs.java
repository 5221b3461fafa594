package dev.twoliter.core.internal.disk.ext4;

import static dev.twoliter.core.internal.disk.ext4.Ext4Format.XATTR_BLOCK_HEADER;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.XATTR_ENTRY_SIZE;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.align;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.tree.Xattrs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Encodes extended attributes: as many as fit behind the inode's fields, {@code security} ones first; the others in a
 * block, which inodes with the same ones share.
 *
 * <p>Entry: u8 name length; u8 prefix; u16 place of the value; u32 zero; u32 value size; u32 hash; name, padded to 4. Four
 * zero bytes end the entries; values grow from the area's end downwards. A place counts from the first entry behind an
 * inode, from the block's start in a block.
 */
final class Ext4Xattrs {
    private static final int INODE_ROOM = Ext4Format.INODE_SIZE - Ext4Format.INODE_FIELDS - 4;
    private static final int END = 4;

    /** The prefixes that have a number; ACLs have a form of their own on disk, which we do not write. */
    enum Prefix {
        SECURITY(6, "security."),
        USER(1, "user."),
        TRUSTED(4, "trusted.");

        final int index;
        final String text;

        Prefix(int index, String text) {
            this.index = index;
            this.text = text;
        }
    }

    private record Entry(Prefix prefix, byte[] name, byte[] value) {
        int size() {
            return XATTR_ENTRY_SIZE + align(name.length) + align(value.length);
        }

        /** As fs/ext4/xattr.c: over the name's bytes, then over the value's words. */
        int hash() {
            int hash = 0;
            for (byte b : name) {
                hash = Integer.rotateLeft(hash, 5) ^ b;
            }
            ByteBuffer words =
                    Ext4Format.allocate(align(value.length)).put(value).clear();
            while (words.hasRemaining()) {
                hash = Integer.rotateLeft(hash, 16) ^ words.getInt();
            }
            return hash;
        }
    }

    private final List<Entry> inInode = new ArrayList<>();
    private final List<Entry> inBlock = new ArrayList<>();

    Ext4Xattrs(Xattrs xattrs, String path, int blockSize) {
        List<Entry> entries = new ArrayList<>();
        for (String name : xattrs.names()) {
            entries.add(entry(name, xattrs.value(name), path));
        }
        entries.sort(Comparator.comparing(Entry::prefix)); // stable
        int room = INODE_ROOM - END;
        int blockRoom = blockSize - XATTR_BLOCK_HEADER - END;
        for (Entry entry : entries) {
            if (entry.size() <= room) {
                room -= entry.size();
                inInode.add(entry);
            } else {
                blockRoom -= entry.size();
                inBlock.add(entry);
            }
        }
        if (blockRoom < 0) {
            throw new FormatException(path, "has more extended attributes than a block of ext4 can store");
        }
        inBlock.sort(Comparator.<Entry>comparingInt(entry -> entry.prefix().index)
                .thenComparingInt(entry -> entry.name().length)
                .thenComparing(Entry::name, Arrays::compareUnsigned));
    }

    private static Entry entry(String name, byte[] value, String path) {
        for (Prefix prefix : Prefix.values()) {
            if (name.startsWith(prefix.text)) {
                byte[] rest = name.substring(prefix.text.length()).getBytes(UTF_8);
                if (rest.length == 0 || rest.length > 0xFF) {
                    throw new FormatException(path, "the name of its extended attribute has a bad length: " + name);
                }
                return new Entry(prefix, rest, value);
            }
        }
        throw new FormatException(path, "ext4 cannot store the extended attribute " + name);
    }

    /** Puts the inode's own behind its fields. */
    void writeTo(ByteBuffer inode) {
        if (!inInode.isEmpty()) {
            inode.putInt(Ext4Format.INODE_FIELDS, Ext4Format.XATTR_MAGIC);
            int first = Ext4Format.INODE_FIELDS + 4;
            write(inInode, inode, first, first, false);
        }
    }

    /** The block's content, but for what depends on its users and its place. */
    ByteBuffer block(int blockSize) {
        ByteBuffer block = Ext4Format.allocate(blockSize);
        block.putInt(Ext4Format.XATTR_MAGIC).putInt(0).putInt(1);
        int hash = 0;
        for (Entry entry : inBlock) {
            hash = Integer.rotateLeft(hash, 16) ^ entry.hash();
        }
        block.putInt(hash);
        write(inBlock, block, XATTR_BLOCK_HEADER, 0, true);
        return block.clear();
    }

    boolean needsBlock() {
        return !inBlock.isEmpty();
    }

    private static void write(List<Entry> entries, ByteBuffer area, int first, int origin, boolean hashes) {
        int place = first;
        int values = area.limit();
        for (Entry entry : entries) {
            values -= align(entry.value().length);
            area.put(place, (byte) entry.name().length);
            area.put(place + 1, (byte) entry.prefix().index);
            area.putShort(place + 2, (short) (entry.value().length == 0 ? 0 : values - origin));
            area.putInt(place + 8, entry.value().length);
            area.putInt(place + 12, hashes ? entry.hash() : 0);
            area.put(place + XATTR_ENTRY_SIZE, entry.name());
            area.put(values, entry.value());
            place += XATTR_ENTRY_SIZE + align(entry.name().length);
        }
    }
}
