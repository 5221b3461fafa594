package dev.twoliter.core.internal.disk.erofs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Numbers of the on-disk format (fs/erofs/erofs_fs.h of Linux 6.1; all little-endian), used by writer and reader.
 *
 * <p>Super block, 128 bytes at byte 1024: u32 magic; u32 CRC; u32 compatible features; u8 block size bits; u8 extended
 * slots; u16 root nid; u64 inodes; u64 build time; u32 its nanoseconds; u32 blocks; u32 first metadata block; u32 first
 * shared xattr block; 16 bytes UUID; 16 bytes volume name; u32 incompatible features; the rest zero.
 *
 * <p>Extended inode, 64 bytes: u16 format (bit 0: extended; bits 1 to 3: layout); u16 xattr count; u16 mode; u16 zero;
 * u64 size; u32 first data block; u32 inode number; u32 uid; u32 gid; u64 mtime; u32 its nanoseconds; u32 links; 16
 * bytes zero. Xattrs and then the tail follow.
 *
 * <p>Compact inode, 32 bytes, of the super block's time: u16 format; u16 xattr count; u16 mode; u16 links; u32 size; u32
 * zero; u32 first data block; u32 inode number; u16 uid; u16 gid; u32 zero. Of a compressed file, either kind has the
 * number of its blocks in place of the first.
 *
 * <p>With compression, the super block has u16 algorithms (bit 0: LZ4) at 84, and is followed by u16 14; u16 LZ4's
 * distance; u16 blocks of a cluster at most; 10 bytes zero. For the index of a compressed file see {@link ClusterIndex}.
 *
 * <p>Xattr area: 4 bytes zero; u8 count of shared xattrs; 7 bytes zero; u32 place of each shared one in units of 4 bytes;
 * then entries: u8 name length; u8 prefix; u16 value size; name; value; padding to 4. The count in the inode is the
 * area's size less 12, divided by 4, plus 1; zero for no area.
 *
 * <p>Directory block: for each name u64 nid; u16 place of the name in the block; u8 type; u8 zero; then the names, of
 * which only the block's last may be followed by zeros. Names are sorted as unsigned bytes over all blocks.
 */
final class ErofsFormat {
    static final int BLOCK_BITS = 12;
    static final int BLOCK = 1 << BLOCK_BITS;
    static final int SLOT = 32;

    static final int SUPER_OFFSET = 1024;
    static final int SUPER_SIZE = 128;
    static final int SUPER_CRC_OFFSET = 4;
    static final int MAGIC = 0xE0F5E1E2;
    static final int FEATURE_CRC = 1;
    static final int FEATURE_MTIME = 2;

    static final int INODE_SIZE = 64;
    static final int COMPACT_INODE_SIZE = 32;
    static final int LAYOUT_PLAIN = 0;
    static final int LAYOUT_COMPRESSED_FULL = 1;
    static final int LAYOUT_INLINE = 2;
    static final int LAYOUT_COMPRESSED = 3;

    /** Zeros before compressed data, not behind it. */
    static final int FEATURE_ZERO_PADDING = 1;
    /** Clusters of more than a block; the limits of compression follow the super block. */
    static final int FEATURE_BIG_CLUSTERS = 2;

    static final int ALGORITHM_LZ4 = 0;
    static final int LZ4_MAX_DISTANCE = 0xFFFF;
    static final int LZ4_LIMITS_SIZE = 14;

    static final int XATTR_HEADER_SIZE = 12;
    static final int XATTR_ENTRY_SIZE = 4;
    static final int MAX_SHARED_XATTRS = 255;

    static final int DIRENT_SIZE = 12;

    private ErofsFormat() {}

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

    /** CRC-32C from byte 1024 to the end of the block, with the field zero and without the customary inversion. */
    static int crc(ByteBuffer firstBlock) {
        CRC32C crc = new CRC32C();
        crc.update(firstBlock.slice(SUPER_OFFSET, SUPER_CRC_OFFSET));
        crc.update(new byte[4]);
        crc.update(firstBlock.slice(SUPER_OFFSET + 8, BLOCK - SUPER_OFFSET - 8));
        return ~(int) crc.getValue();
    }

    static long blocks(long bytes) {
        return (bytes + BLOCK - 1) >>> BLOCK_BITS;
    }

    static int align(int size, int unit) {
        return (size + unit - 1) / unit * unit;
    }
}
