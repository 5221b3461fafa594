package dev.twoliter.core.internal.disk.layout;

import java.util.UUID;

/**
 * What a partition of a Bottlerocket disk is for, with the label and the type GUID that bootloader, updater and first
 * boot look for.
 */
public enum Role {
    /** The second stage of the bootloader on BIOS machines. */
    BIOS_BOOT("BIOS-BOOT", "21686148-6449-6e6f-744e-656564454649"),
    /** The EFI system partition of bank A. */
    EFI_A("EFI-SYSTEM", "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"),
    /** Kernel and bootloader configuration of bank A. */
    BOOT_A("BOTTLEROCKET-BOOT-A", Types.BOOT),
    /** The root file system of bank A. */
    ROOT_A("BOTTLEROCKET-ROOT-A", Types.ROOT),
    /** The dm-verity tree over {@link #ROOT_A}. */
    HASH_A("BOTTLEROCKET-HASH-A", Types.HASH),
    /** Kept for later layouts. */
    RESERVED_A("BOTTLEROCKET-RESERVED-A", Types.RESERVED),
    /** As {@link #EFI_A}, of bank B. */
    EFI_B("EFI-BACKUP", "b39ce39c-0a00-b4ab-2d11-f18f8237a21c"),
    /** As {@link #BOOT_A}, of bank B. */
    BOOT_B("BOTTLEROCKET-BOOT-B", Types.BOOT),
    /** As {@link #ROOT_A}, of bank B. */
    ROOT_B("BOTTLEROCKET-ROOT-B", Types.ROOT),
    /** As {@link #HASH_A}, of bank B. */
    HASH_B("BOTTLEROCKET-HASH-B", Types.HASH),
    /** As {@link #RESERVED_A}, of bank B. */
    RESERVED_B("BOTTLEROCKET-RESERVED-B", Types.RESERVED),
    /** What the machine stores about itself, such as the boot configuration. */
    PRIVATE("BOTTLEROCKET-PRIVATE", "440408bb-eb0b-4328-a6e5-a29038fad706"),
    /** Where data goes. No label: first boot labels the data partition that it picks. */
    DATA("", Types.DATA),
    /** Takes the data if a split plan's data image is not there. */
    DATA_FALLBACK("", Types.DATA);

    private final String label;
    private final UUID type;

    Role(String label, String type) {
        this.label = label;
        this.type = UUID.fromString(type);
    }

    /** {@return the partition's name in the table; may be empty} */
    public String label() {
        return label;
    }

    /** {@return the partition's type GUID} */
    public UUID type() {
        return type;
    }

    /** Types that both banks share. */
    private static final class Types {
        /** On disk, in mixed-endian order, these bytes read "hack the planet!". */
        static final String BOOT = "6b636168-7420-6568-2070-6c616e657421";

        static final String ROOT = "5526016a-1a97-4ea4-b39a-b7c8c6ca4502";
        static final String HASH = "598f10af-c955-4456-6a99-7720068a6cea";
        static final String RESERVED = "0c5d99a5-d331-4147-baef-08e2b855bdc9";
        static final String DATA = "626f7474-6c65-6474-6861-726d61726b73";
    }
}
