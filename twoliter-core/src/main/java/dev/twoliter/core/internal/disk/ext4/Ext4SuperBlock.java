package dev.twoliter.core.internal.disk.ext4;

import static dev.twoliter.core.internal.disk.ext4.Ext4Format.allocate;
import static dev.twoliter.core.internal.disk.ext4.Ext4Format.unsigned;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.api.FormatException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The super block, 1024 bytes at byte 1024 (Documentation/filesystems/ext4/super.rst).
 *
 * @param uuid the file system's identifier
 * @param label its name; empty for none
 * @param blockSize in bytes
 * @param blocks all of them
 * @param inodesPerGroup so many inodes has each group
 * @param freeBlocks not in use
 * @param freeInodes not in use
 * @param time of making, seconds since 1970
 * @param compatible features that whoever does not know them may ignore
 * @param incompatible features that must be known
 * @param readOnlyCompatible features that must be known for writing
 * @param descriptorSize of a group's descriptor, in bytes
 * @param stripe blocks that the device likes to write at once; 0: unknown
 */
public record Ext4SuperBlock(
        UUID uuid,
        String label,
        int blockSize,
        long blocks,
        int inodesPerGroup,
        long freeBlocks,
        long freeInodes,
        long time,
        int compatible,
        int incompatible,
        int readOnlyCompatible,
        int descriptorSize,
        int stripe) {
    static final int OFFSET = 1024;
    static final int SIZE = 1024;
    private static final short MAGIC = (short) 0xEF53;
    private static final int CHECKSUM_OFFSET = 0x3FC;

    static final int COMPAT_JOURNAL = 0x4;
    private static final int COMPAT_XATTR = 0x8;
    private static final int COMPAT_INDEXED_DIRECTORIES = 0x20;

    private static final int INCOMPAT_FILETYPE = 0x2;
    private static final int INCOMPAT_EXTENTS = 0x40;
    static final int INCOMPAT_64BIT = 0x80;
    private static final int INCOMPAT_FLEXIBLE_GROUPS = 0x200;
    static final int INCOMPAT = INCOMPAT_FILETYPE | INCOMPAT_EXTENTS | INCOMPAT_64BIT | INCOMPAT_FLEXIBLE_GROUPS;

    private static final int SPARSE_SUPER = 0x1;
    private static final int LARGE_FILE = 0x2;
    private static final int HUGE_FILE = 0x8;
    private static final int MANY_SUBDIRECTORIES = 0x20;
    private static final int EXTRA_FIELDS = 0x40;
    private static final int CHECKSUMS = 0x400;
    static final int READ_ONLY_COMPAT =
            SPARSE_SUPER | LARGE_FILE | HUGE_FILE | MANY_SUBDIRECTORIES | EXTRA_FIELDS | CHECKSUMS;

    private static final int FLEXIBLE_GROUP_BITS = 4;

    static Ext4SuperBlock of(Ext4Options options, Geometry geometry, long freeBlocks, long freeInodes) {
        return new Ext4SuperBlock(
                options.uuid(),
                options.label(),
                geometry.blockSize(),
                geometry.blocks(),
                geometry.inodesPerGroup(),
                freeBlocks,
                freeInodes,
                options.time(),
                COMPAT_XATTR | COMPAT_INDEXED_DIRECTORIES | (options.journal() ? COMPAT_JOURNAL : 0),
                INCOMPAT,
                READ_ONLY_COMPAT,
                geometry.descriptorSize(),
                options.stripe());
    }

    Geometry geometry() {
        return new Geometry(blockSize, blocks, inodesPerGroup, descriptorSize);
    }

    /** {@return whether it has a journal} */
    public boolean hasJournal() {
        return (compatible & COMPAT_JOURNAL) != 0;
    }

    /** Encodes the copy of a group; {@code journal} is the journal's inode, or empty. */
    ByteBuffer encode(int group, byte[] hashSeed, ByteBuffer journal) {
        Geometry geometry = geometry();
        ByteBuffer b = allocate(SIZE);
        b.putInt(0x0, (int) geometry.inodes()).putInt(0x4, (int) blocks);
        b.putInt(0xC, (int) freeBlocks).putInt(0x10, (int) freeInodes);
        b.putInt(0x14, geometry.firstBlock());
        int blockSizeCode = Integer.numberOfTrailingZeros(blockSize) - 10;
        b.putInt(0x18, blockSizeCode).putInt(0x1C, blockSizeCode);
        b.putInt(0x20, geometry.blocksPerGroup()).putInt(0x24, geometry.blocksPerGroup());
        b.putInt(0x28, inodesPerGroup);
        b.putInt(0x30, (int) time); // last write
        b.putShort(0x36, (short) -1); // no check after a number of mounts
        b.putShort(0x38, MAGIC);
        b.putShort(0x3A, (short) 1).putShort(0x3C, (short) 1); // clean; continue on errors
        b.putInt(0x40, (int) time); // last check
        b.putInt(0x4C, 1); // revision
        b.putInt(0x54, Ext4Format.FIRST);
        b.putShort(0x58, (short) Ext4Format.INODE_SIZE).putShort(0x5A, (short) group);
        b.putInt(0x5C, compatible).putInt(0x60, incompatible).putInt(0x64, readOnlyCompatible);
        b.put(0x68, uuidBytes(uuid)).put(0x78, label.getBytes(UTF_8));
        b.put(0xEC, hashSeed).put(0xFC, (byte) 1); // half MD4
        b.putShort(0xFE, (short) descriptorSize);
        b.putInt(0x100, 0xC); // xattrs and ACLs when mounted
        b.putInt(0x108, (int) time);
        if (journal.hasRemaining()) {
            b.putInt(0xE0, Ext4Format.JOURNAL).put(0xFD, (byte) 1); // with a copy of the inode:
            b.put(0x10C, journal, 0x28, 60).putInt(0x14C, journal.getInt(4)); // its extents and size
        }
        b.putInt(0x150, (int) (blocks >>> 32)).putInt(0x158, (int) (freeBlocks >>> 32));
        b.putShort(0x15C, (short) Ext4Format.EXTRA_FIELDS).putShort(0x15E, (short) Ext4Format.EXTRA_FIELDS);
        b.putInt(0x160, 1); // names are hashed as signed bytes
        b.putShort(0x164, (short) stripe).putInt(0x170, stripe);
        b.put(0x174, (byte) FLEXIBLE_GROUP_BITS).put(0x175, (byte) 1); // CRC-32C
        b.putInt(
                CHECKSUM_OFFSET, Ext4Checksum.bare().then(b, 0, CHECKSUM_OFFSET).value());
        return b.clear();
    }

    /** Decodes and checks the first copy. */
    static Ext4SuperBlock decode(ByteBuffer b, String subject) {
        require(b.getShort(0x38) == MAGIC, subject, "no ext4 super block");
        int readOnly = b.getInt(0x64);
        require((readOnly & CHECKSUMS) != 0 && b.get(0x175) == 1, subject, "has no checksums (metadata_csum)");
        require(
                b.getInt(CHECKSUM_OFFSET)
                        == Ext4Checksum.bare().then(b, 0, CHECKSUM_OFFSET).value(),
                subject,
                "the super block is damaged (checksum)");
        int incompatible = b.getInt(0x60);
        require(
                (incompatible & ~INCOMPAT) == 0 && (incompatible & INCOMPAT_EXTENTS) != 0,
                subject,
                "has features that this reader lacks: 0x" + Integer.toHexString(incompatible & ~INCOMPAT));
        int code = b.getInt(0x18);
        require(code >= 0 && code <= 2 && b.getInt(0x1C) == code, subject, "the block size is none of 1, 2, 4 KiB");
        int blockSize = 1024 << code;
        boolean wide = (incompatible & INCOMPAT_64BIT) != 0;
        int descriptorSize = wide ? unsigned(b.getShort(0xFE)) : 32;
        long blocks = unsigned(b.getInt(4)) | (wide ? unsigned(b.getInt(0x150)) << 32 : 0);
        int inodesPerGroup = b.getInt(0x28);
        Ext4SuperBlock decoded = new Ext4SuperBlock(
                uuid(b),
                label(b),
                blockSize,
                blocks,
                inodesPerGroup,
                unsigned(b.getInt(0xC)) | (wide ? unsigned(b.getInt(0x158)) << 32 : 0),
                unsigned(b.getInt(0x10)),
                unsigned(b.getInt(0x108)),
                b.getInt(0x5C),
                incompatible,
                readOnly,
                descriptorSize,
                unsigned(b.getShort(0x164)));
        require(
                unsigned(b.getShort(0x58)) == Ext4Format.INODE_SIZE
                        && (descriptorSize == 32 || descriptorSize == Ext4Format.DESCRIPTOR_SIZE)
                        && blocks > 0
                        && blocks < 1L << 40
                        && inodesPerGroup > 0
                        && inodesPerGroup <= 8 * blockSize
                        && b.getInt(0x20) == 8 * blockSize
                        && b.getInt(0x14) == decoded.geometry().firstBlock(),
                subject,
                "the super block has unusual sizes");
        return decoded;
    }

    static byte[] uuidBytes(UUID uuid) {
        return ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }

    private static UUID uuid(ByteBuffer b) {
        return new UUID(Long.reverseBytes(b.getLong(0x68)), Long.reverseBytes(b.getLong(0x70)));
    }

    private static String label(ByteBuffer b) {
        byte[] bytes = new byte[16];
        b.get(0x78, bytes);
        return new String(bytes, UTF_8).replaceAll("\0.*", "");
    }

    private static void require(boolean holds, String subject, String message) {
        if (!holds) {
            throw new FormatException(subject, message);
        }
    }
}
