package dev.twoliter.core.internal.boot;

import dev.twoliter.api.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * GRUB as a BIOS starts it: {@code boot.img} in the disk's first sector loads the first sector of {@code core.img}, which
 * loads the rest by the list of blocks at its end (variant-image.md 9.4; GRUB: boot/i386/pc/{boot,diskboot}.S). What
 * grub-bios-setup does, for a core that lies in one piece in a partition of its own. Immutable.
 */
public final class BiosBoot {
    private static final int SECTOR = 512;
    /** The disk's signature and the protective partition table follow. */
    private static final int BOOT_CODE = 440;

    private static final int BOOT_SIGNATURE = 0x1FE;
    private static final int CORE_ADDRESS = 0x5C;
    private static final int BOOT_DRIVE = 0x64;
    private static final int DRIVE_CHECK = 0x66;
    private static final int BLOCK_LIST = 0x1F4;
    /** Where the second sector of the core goes in memory: 0x8200. */
    private static final short LOAD_SEGMENT = 0x820;

    /** Below 640 KiB, from 0x8000. */
    private static final int MAX_CORE = (640 << 10) - 0x8000;

    private final byte[] bootCode;
    private final byte[] core;

    private BiosBoot(byte[] bootCode, byte[] core) {
        this.bootCode = bootCode;
        this.core = core;
    }

    /**
     * Ties both images to their places.
     *
     * @param bootImage GRUB's {@code boot.img}
     * @param coreImage GRUB's {@code core.img} for {@code i386-pc}
     * @param firstSector where the core will lie, in sectors of 512 bytes
     * @param room the size of that place in bytes
     * @return what to write
     * @throws FormatException if these are not GRUB's images, or the core does not fit
     */
    public static BiosBoot of(byte[] bootImage, byte[] coreImage, long firstSector, long room) {
        if (bootImage.length != SECTOR
                || bootImage[0] != (byte) 0xEB
                || (bootImage[BOOT_SIGNATURE] & 0xFF) != 0x55
                || (bootImage[BOOT_SIGNATURE + 1] & 0xFF) != 0xAA) {
            throw new FormatException("boot.img", "is not a boot sector of GRUB");
        }
        int sectors = (coreImage.length + SECTOR - 1) / SECTOR;
        if (sectors < 2
                || list(coreImage).getLong() != 2
                || list(coreImage).getShort(BLOCK_LIST + 10) != LOAD_SEGMENT) {
            throw new FormatException("core.img", "is not a core image of GRUB for i386-pc");
        }
        if (coreImage.length > Math.min(room, MAX_CORE)) {
            throw new FormatException(
                    "core.img",
                    "has " + coreImage.length + " bytes, but BIOS boot takes at most " + Math.min(room, MAX_CORE),
                    "Leave modules out of it.",
                    null);
        }
        byte[] bootCode = Arrays.copyOf(bootImage, BOOT_CODE);
        ByteBuffer.wrap(bootCode).order(ByteOrder.LITTLE_ENDIAN).putLong(CORE_ADDRESS, firstSector);
        bootCode[BOOT_DRIVE] = (byte) 0xFF; // the drive that the BIOS names
        bootCode[DRIVE_CHECK] = (byte) 0x90; // no check of a BIOS that names a wrong one
        bootCode[DRIVE_CHECK + 1] = (byte) 0x90;
        byte[] core = Arrays.copyOf(coreImage, sectors * SECTOR);
        list(core).putLong(firstSector + 1).putShort((short) (sectors - 1)).putShort(LOAD_SEGMENT);
        return new BiosBoot(bootCode, core);
    }

    private static ByteBuffer list(byte[] core) {
        return ByteBuffer.wrap(core).order(ByteOrder.LITTLE_ENDIAN).position(BLOCK_LIST);
    }

    /** {@return the first 440 bytes of the disk} */
    public byte[] bootCode() {
        return bootCode.clone();
    }

    /** {@return the content of the BIOS boot partition, whole sectors} */
    public byte[] core() {
        return core.clone();
    }
}
