package dev.twoliter.api;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A partition of a maintainer's own, or one of Bottlerocket's with another size: {@code
 * [[package.metadata.build-variant.image-layout.partitions]]}. Nothing mounts it by itself; packages bring a unit that
 * does, by its label. Immutable, thread-safe.
 *
 * <p>Partitions follow {@code BOTTLEROCKET-PRIVATE} in the order in which they are listed, and the data partition
 * follows them, since the first boot grows it to the end of the disk. The disk grows by whole GiB where they need it.
 *
 * @param label its name in the partition table, 1 to 36 characters; the label of one of Bottlerocket's partitions (
 *     {@code BIOS-BOOT}, {@code EFI-SYSTEM}, {@code BOTTLEROCKET-BOOT-A}, {@code -ROOT-A}, {@code -HASH-A}, {@code
 *     -RESERVED-A} or {@code BOTTLEROCKET-PRIVATE}) changes the size of that one, and of its twin in bank B
 * @param sizeMib its size in MiB, 1 to 67108864 (64 TiB)
 * @param offsetMib where it begins, in MiB from the start of the disk; empty: where the one before it ends
 * @param type its type GUID; empty: a Linux file system's
 * @param fileSystem what it is formatted with
 * @param disk the disk that it is on
 */
public record PartitionSpec(
        String label, long sizeMib, OptionalLong offsetMib, Optional<UUID> type, FileSystem fileSystem, Disk disk) {

    /** The type of a partition that says nothing: a Linux file system. */
    public static final UUID LINUX = UUID.fromString("0fc63daf-8483-4772-8e79-3d69d8477de4");

    /** What a partition is formatted with. Every file system is empty. */
    public enum FileSystem {
        /** Nothing: it is zeros. */
        NONE,
        /** ext4 with a journal, as for data. */
        EXT4,
        /** FAT12, FAT16 or FAT32, by size. */
        FAT;

        /** {@return the word in Cargo.toml} */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A disk of a variant. */
    public enum Disk {
        /** The disk with the operating system. */
        OS,
        /** The disk that only the partition plan {@link ImageLayout.PartitionPlan#SPLIT} has. */
        DATA;

        /** {@return the word in Cargo.toml} */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Checks for null; everything else is checked with the variant. */
    public PartitionSpec {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(offsetMib, "offsetMib");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(fileSystem, "fileSystem");
        Objects.requireNonNull(disk, "disk");
    }

    /**
     * {@return a partition without a file system on the operating system's disk}
     *
     * @param label its label
     * @param sizeMib MiB
     */
    public static PartitionSpec of(String label, long sizeMib) {
        return new PartitionSpec(label, sizeMib, OptionalLong.empty(), Optional.empty(), FileSystem.NONE, Disk.OS);
    }

    /**
     * {@return this one at a fixed place}
     *
     * @param offset MiB from the start of the disk
     */
    public PartitionSpec atMib(long offset) {
        return new PartitionSpec(label, sizeMib, OptionalLong.of(offset), type, fileSystem, disk);
    }

    /**
     * {@return this one with another type}
     *
     * @param guid the type GUID
     */
    public PartitionSpec type(UUID guid) {
        return new PartitionSpec(label, sizeMib, offsetMib, Optional.of(guid), fileSystem, disk);
    }

    /** {@return this one, formatted with ext4} */
    public PartitionSpec ext4() {
        return new PartitionSpec(label, sizeMib, offsetMib, type, FileSystem.EXT4, disk);
    }

    /** {@return this one, formatted with FAT} */
    public PartitionSpec fat() {
        return new PartitionSpec(label, sizeMib, offsetMib, type, FileSystem.FAT, disk);
    }

    /** {@return this one on the data disk} */
    public PartitionSpec onDataDisk() {
        return new PartitionSpec(label, sizeMib, offsetMib, type, fileSystem, Disk.DATA);
    }
}
