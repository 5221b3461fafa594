package dev.twoliter.core.internal.disk.ext4;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Numbers of the on-disk format (Documentation/filesystems/ext4 of Linux 6.1; little-endian but for the journal), used
 * by writer and reader.
 *
 * <p>Inode, 256 bytes of which 160 are fields: u16 mode; u16 uid; u32 size; u32 atime, ctime, mtime, dtime; u16 gid; u16
 * links; u32 blocks of 512 bytes; u32 flags; u32 version; 60 bytes extents or a short symlink's target; u32 generation;
 * u32 xattr block; u32 size's upper half; u32 zero; u16 upper parts of blocks, xattr block, uid, gid; u16 checksum; u16
 * zero; u16 size of the fields beyond 128; u16 checksum's upper half; u32 upper parts of ctime, mtime, atime; u32 crtime
 * and its upper part; 8 bytes zero. Then extended attributes.
 *
 * <p>Extents: u16 magic; u16 count; u16 room; u16 depth; u32 zero; then at depth 0 u32 block of the file; u16 length; u16
 * and u32 upper and lower part of the place; else u32 block of the file; u32 and u16 lower and upper part of the leaf's
 * place; u16 zero. A leaf ends with a checksum.
 *
 * <p>Directory entry: u32 inode; u16 length; u8 name's length; u8 type; name, padded to 4. A block's last entry reaches to
 * its tail of 12 bytes: u32 zero; u16 12; u8 zero; u8 0xDE; u32 checksum.
 */
final class Ext4Format {
    static final int INODE_SIZE = 256;
    static final int INODE_FIELDS = 160;
    static final int EXTRA_FIELDS = INODE_FIELDS - 128;
    static final int DESCRIPTOR_SIZE = 64;

    static final int ROOT = 2;
    static final int JOURNAL = 8;
    static final int FIRST = 11;

    static final int FLAG_INDEXED = 0x1000;
    static final int FLAG_EXTENTS = 0x80000;
    static final int FLAG_INLINE_DATA = 0x1000_0000;

    static final short EXTENT_MAGIC = (short) 0xF30A;
    static final int EXTENT_SIZE = 12;
    static final int EXTENTS_IN_INODE = 4;
    /** A longer length means a run that is allocated, but reads as zeros. */
    static final int MAX_EXTENT = 32768;

    static final int FAST_SYMLINK = 60;

    static final int DIRENT_SIZE = 8;
    static final int DIRECTORY_TAIL = 12;
    static final int DIRECTORY_TAIL_TYPE = 0xDE;

    static final int XATTR_MAGIC = 0xEA02_0000;
    static final int XATTR_ENTRY_SIZE = 16;
    static final int XATTR_BLOCK_HEADER = 32;

    static final int GROUP_INODES_UNUSED = 1;
    static final int GROUP_BLOCKS_UNUSED = 2;
    static final int GROUP_TABLE_ZEROED = 4;

    private Ext4Format() {}

    /** Inode types: the bits of the mode (stat(2)) and the type in a directory entry. */
    enum InodeType {
        REGULAR(0100000, 1),
        DIRECTORY(0040000, 2),
        SYMLINK(0120000, 7);

        final int modeBits;
        final int dirent;

        InodeType(int modeBits, int dirent) {
            this.modeBits = modeBits;
            this.dirent = dirent;
        }
    }

    static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    static int align(int size) {
        return (size + 3) & ~3;
    }

    static long unsigned(int value) {
        return value & 0xFFFF_FFFFL;
    }

    static int unsigned(short value) {
        return value & 0xFFFF;
    }

    static long blocks(long bytes, int blockSize) {
        return bytes / blockSize + (bytes % blockSize == 0 ? 0 : 1);
    }
}
