package dev.twoliter.core.internal.disk.erofs;

import dev.twoliter.api.FormatException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The super block as read.
 *
 * @param uuid the file system's identifier
 * @param blocks all of them, of 4096 bytes each
 * @param inodes their number
 * @param time of its making, seconds since 1970; compact inodes have it
 * @param compressed whether files may be compressed with LZ4
 * @param metadataBlock from where nids count
 * @param xattrBlock from where shared xattrs count
 * @param root the root directory's nid
 */
public record ErofsSuperBlock(
        UUID uuid,
        long blocks,
        long inodes,
        long time,
        boolean compressed,
        long metadataBlock,
        long xattrBlock,
        int root) {
    private static final int KNOWN = ErofsFormat.FEATURE_ZERO_PADDING | ErofsFormat.FEATURE_BIG_CLUSTERS;

    static ErofsSuperBlock decode(ByteBuffer block, String subject) {
        block.position(ErofsFormat.SUPER_OFFSET);
        require(block.getInt() == ErofsFormat.MAGIC, subject, "no EROFS super block");
        int crc = block.getInt();
        require((block.getInt() & ErofsFormat.FEATURE_CRC) != 0, subject, "the super block has no CRC");
        require(crc == ErofsFormat.crc(block), subject, "the super block is damaged (CRC)");
        require(block.get() == ErofsFormat.BLOCK_BITS, subject, "the block size is not 4096");
        int base = ErofsFormat.SUPER_OFFSET;
        int features = block.getInt(base + 80);
        int algorithms = block.getShort(base + 84);
        boolean big = (features & ErofsFormat.FEATURE_BIG_CLUSTERS) != 0;
        require(
                (features & ~KNOWN) == 0 && (!big || algorithms == 1 << ErofsFormat.ALGORITHM_LZ4),
                subject,
                "has features that this reader lacks: 0x" + Integer.toHexString(features & ~KNOWN));
        long inodes = block.getLong(base + 16);
        long time = block.getLong(base + 24);
        require(inodes >= 0 && time >= 0, subject, "the super block has impossible numbers");
        return new ErofsSuperBlock(
                new UUID(Long.reverseBytes(block.getLong(base + 48)), Long.reverseBytes(block.getLong(base + 56))),
                unsigned(block.getInt(base + 36)),
                inodes,
                time,
                features != 0,
                unsigned(block.getInt(base + 40)),
                unsigned(block.getInt(base + 44)),
                block.getShort(base + 14) & 0xFFFF);
    }

    static long unsigned(int value) {
        return value & 0xFFFF_FFFFL;
    }

    private static void require(boolean holds, String subject, String message) {
        if (!holds) {
            throw new FormatException(subject, message);
        }
    }
}
