package dev.twoliter.core.internal.disk.verity;

import java.util.HexFormat;
import java.util.Objects;

/**
 * What must be known to use a device under dm-verity. Immutable.
 *
 * @param rootHash the root hash, 64 lower-case hexadecimal digits
 * @param salt the salt in lower-case hexadecimal digits; {@code -} if it is empty
 * @param dataBlocks the protected blocks of 4096 bytes
 * @param hashBlocks the blocks of the hash device, with the superblock
 */
public record VerityRoot(String rootHash, String salt, long dataBlocks, long hashBlocks) {
    private static final int SECTORS_PER_BLOCK = VeritySuperblock.BLOCK / 512;

    /** Checks for null. */
    public VerityRoot {
        Objects.requireNonNull(rootHash, "rootHash");
        Objects.requireNonNull(salt, "salt");
    }

    static VerityRoot of(byte[] rootHash, VeritySuperblock superblock) {
        byte[] salt = superblock.salt();
        return new VerityRoot(
                HexFormat.of().formatHex(rootHash),
                salt.length == 0 ? "-" : HexFormat.of().formatHex(salt),
                superblock.dataBlocks(),
                VerityLevels.of(superblock.dataBlocks()).blocks());
    }

    /**
     * Tells the kernel how to set the root device up: the value of its parameter {@code dm-mod.create}, which upstream
     * keeps as {@code dm_verity_root} in grub.cfg. Its {@code $boot_uuid} is for GRUB to fill in: root and hash are the
     * first and the second partition after the one with that GUID. (Linux: admin-guide/device-mapper, dm-init and
     * verity.)
     *
     * @return tokens with single spaces between them
     */
    public String dmModCreate() {
        return String.join(
                " ",
                "root,,,ro,0",
                Long.toString(dataBlocks * SECTORS_PER_BLOCK),
                "verity",
                "1",
                "PARTUUID=$boot_uuid/PARTNROFF=1",
                "PARTUUID=$boot_uuid/PARTNROFF=2",
                Integer.toString(VeritySuperblock.BLOCK),
                Integer.toString(VeritySuperblock.BLOCK),
                Long.toString(dataBlocks),
                "1", // the first block of the tree: the superblock is block 0
                VeritySuperblock.ALGORITHM,
                rootHash,
                salt,
                "2",
                "restart_on_corruption",
                "ignore_zero_blocks");
    }
}
