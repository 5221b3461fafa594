package dev.twoliter.core.internal.disk.layout;

import dev.twoliter.api.ImageLayout;
import dev.twoliter.api.PartitionSpec;
import dev.twoliter.core.internal.disk.verity.VerityTree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The partitions of a Bottlerocket disk: {@code variant-image.md} 1.2 to 1.5, which has the arithmetic of upstream's
 * partition planner, and {@code newer-twoliter.md} 6 for unified kernel images and standalone images. Every partition
 * starts on a boundary of 1 MiB; numbers follow the order on the disk, so that ROOT and HASH come one and two after
 * BOOT, where the kernel looks for them. Immutable.
 *
 * <p>A maintainer's own partitions come between PRIVATE and the data partition, which the first boot grows to the end of
 * the disk. The disk has the size that is asked for, or as many whole GiB as the partitions need.
 *
 * <p>One thing differs from upstream on purpose: it enters the data partition of a split plan's data image with 1 MiB,
 * although the file system in it fills the disk; here the entry has the planned size.
 */
public final class PartitionPlan {
    /** MiB for the table, at each end of a disk. */
    private static final int GPT = 1;

    private static final int BIOS = 4;
    private static final int EFI = 5;
    private static final int BOOT_PER_GIB = 20;
    private static final int ROOT_PER_GIB = 460;
    private static final int HASH_PER_GIB = 5;
    private static final int RESERVED_PER_GIB = 15;
    private static final int PRIVATE_PER_GIB = 24;
    private static final int INITIAL_DATA = 1;

    private static final int MIB = 1 << 20;

    /** Of verity. */
    private static final int BLOCKS_PER_MIB = 256;

    private final PlannedDisk os;
    private final Optional<PlannedDisk> data;

    private PartitionPlan(PlannedDisk os, Optional<PlannedDisk> data) {
        this.os = os;
        this.data = data;
    }

    /**
     * Plans the disks of a variant.
     *
     * @param layout sizes and the maintainer's own partitions
     * @param shape which of Bottlerocket's partitions there are
     * @return the plan
     * @throws LayoutException if partitions overlap, or the hash partition is too small for the root's
     */
    public static PartitionPlan of(ImageLayout layout, DiskShape shape) {
        Objects.requireNonNull(shape, "shape");
        checkGib("OS image", layout.osImageSizeGib());
        checkGib("data image", layout.dataImageSizeGib());
        Sizes sizes = new Sizes(layout);
        long gib = layout.osImageSizeGib();
        DiskDraft os = new DiskDraft("os", gib);
        os.append(Role.BIOS_BOOT, sizes.of(Role.BIOS_BOOT, BIOS));
        if (shape.standalone()) {
            standalone(os, sizes, gib, shape);
            os.appendOwn(sizes.own(PartitionSpec.Disk.OS));
            return new PartitionPlan(os.finish(), Optional.empty());
        }
        for (boolean second : shape.twoBanks() ? new boolean[] {false, true} : new boolean[] {false}) {
            bank(os, sizes, gib, shape, second);
        }
        os.append(Role.PRIVATE, sizes.of(Role.PRIVATE, PRIVATE_PER_GIB * gib - (2 * GPT + BIOS) - INITIAL_DATA));
        os.appendOwn(sizes.own(PartitionSpec.Disk.OS));
        if (layout.partitionPlan() == ImageLayout.PartitionPlan.UNIFIED) {
            long own = (long) PlannedDisk.GIB_MIB * layout.dataImageSizeGib();
            os.append(Role.DATA, own);
            os.atLeast(gib + layout.dataImageSizeGib());
            return new PartitionPlan(os.finish(), Optional.empty());
        }
        os.append(Role.DATA_FALLBACK, INITIAL_DATA);
        DiskDraft data = new DiskDraft("data", layout.dataImageSizeGib());
        data.appendOwn(sizes.own(PartitionSpec.Disk.DATA));
        data.append(Role.DATA, (long) PlannedDisk.GIB_MIB * layout.dataImageSizeGib() - 2 * GPT);
        return new PartitionPlan(os.finish(), Optional.of(data.finish()));
    }

    private static void bank(DiskDraft os, Sizes sizes, long gib, DiskShape shape, boolean second) {
        long times = shape.twoBanks() ? 1 : 2;
        if (shape.unifiedKernel()) {
            os.append(Role.EFI_A, sizes.of(Role.EFI_A, times * (EFI + BOOT_PER_GIB * gib)));
        } else {
            os.append(second ? Role.EFI_B : Role.EFI_A, sizes.of(Role.EFI_A, times * EFI));
            os.append(second ? Role.BOOT_B : Role.BOOT_A, sizes.of(Role.BOOT_A, times * BOOT_PER_GIB * gib));
        }
        verified(os, sizes, times * ROOT_PER_GIB * gib, times * HASH_PER_GIB * gib, second);
        os.append(
                second ? Role.RESERVED_B : Role.RESERVED_A,
                sizes.of(Role.RESERVED_A, times * (RESERVED_PER_GIB * gib - EFI)));
    }

    /** One bank that takes the whole disk. */
    private static void standalone(DiskDraft os, Sizes sizes, long gib, DiskShape shape) {
        long efi = shape.unifiedKernel() ? 2 * (EFI + BOOT_PER_GIB * gib) : 2 * EFI;
        os.append(Role.EFI_A, sizes.of(Role.EFI_A, efi));
        if (!shape.unifiedKernel()) {
            os.append(Role.BOOT_A, sizes.of(Role.BOOT_A, 2 * BOOT_PER_GIB * gib));
        }
        long hash = 2 * HASH_PER_GIB * gib;
        long rest = PlannedDisk.GIB_MIB * gib - 2 * GPT - BIOS - 2 * EFI - 2 * BOOT_PER_GIB * gib - hash;
        verified(os, sizes, rest, hash, false);
    }

    /** Unless it is said how large, hashes have room for those of the whole root partition. */
    private static void verified(DiskDraft os, Sizes sizes, long rootByDefault, long hashByDefault, boolean second) {
        long root = sizes.of(Role.ROOT_A, rootByDefault);
        long needed = (VerityTree.size(root * BLOCKS_PER_MIB) + MIB - 1) / MIB;
        long hash = sizes.of(Role.HASH_A, Math.max(hashByDefault, needed));
        if (hash < needed) {
            throw new LayoutException(
                    Role.HASH_A.label() + " has " + hash + " MiB, but the hashes of " + Role.ROOT_A.label() + " with "
                            + root + " MiB need " + needed + " MiB",
                    "Leave " + Role.HASH_A.label() + " out, and it gets the size that is needed.");
        }
        os.append(second ? Role.ROOT_B : Role.ROOT_A, root);
        os.append(second ? Role.HASH_B : Role.HASH_A, hash);
    }

    private static void checkGib(String what, int gib) {
        if (gib < 1 || gib > 65535) {
            throw new IllegalArgumentException("the " + what + " must be 1 to 65535 GiB, not " + gib);
        }
    }

    /** {@return the disk with the operating system} */
    public PlannedDisk os() {
        return os;
    }

    /** {@return the disk with the data; empty for a unified or standalone plan} */
    public Optional<PlannedDisk> data() {
        return data;
    }

    /** {@return every partition of every disk} */
    public List<Slot> slots() {
        return Stream.concat(os.slots().stream(), data.stream().flatMap(disk -> disk.slots().stream()))
                .toList();
    }

    /**
     * Finds a partition on whichever disk has it.
     *
     * @param role what it is for
     * @return its place; empty if the plan has no such partition
     */
    public Optional<Slot> find(Role role) {
        return slots().stream()
                .filter(slot -> slot.role().filter(role::equals).isPresent())
                .findFirst();
    }

    /**
     * Finds a partition on whichever disk has it.
     *
     * @param role what it is for
     * @return its place
     * @throws NoSuchElementException if the plan has no such partition
     */
    public Slot slot(Role role) {
        return find(role).orElseThrow(() -> new NoSuchElementException("this plan has no partition " + role));
    }

    /**
     * How large disks are published (variant-image.md 1.1): at least as large as the hint, which enlarges the disk with
     * the data.
     *
     * @param osGib the size of the disk with the operating system
     * @param dataGib the size of the data disk, 0 if there is none
     */
    public record PublishedSizes(long osGib, long dataGib) {}

    /**
     * Computes the sizes to publish.
     *
     * @param hintGib what both should have together at least
     * @return the sizes
     */
    public PublishedSizes published(int hintGib) {
        if (data.isEmpty()) {
            return new PublishedSizes(Math.max(hintGib, os.gib()), 0);
        }
        long whole = Math.max(hintGib, os.gib() + data.get().gib());
        return new PublishedSizes(os.gib(), whole - os.gib());
    }

    /** The sizes that a maintainer gives, and the partitions that nobody else knows. */
    private static final class Sizes {
        private final Map<String, Long> changed = new HashMap<>();
        private final List<PartitionSpec> own;

        Sizes(ImageLayout layout) {
            List<String> known = Stream.of(Role.values())
                    .map(Role::label)
                    .filter(l -> !l.isEmpty())
                    .toList();
            layout.partitions().stream()
                    .filter(one -> known.contains(one.label()))
                    .forEach(one -> changed.put(one.label(), one.sizeMib()));
            own = layout.partitions().stream()
                    .filter(one -> !known.contains(one.label()))
                    .toList();
        }

        long of(Role role, long byDefault) {
            return changed.getOrDefault(role.label(), byDefault);
        }

        List<PartitionSpec> own(PartitionSpec.Disk disk) {
            return own.stream().filter(one -> one.disk() == disk).toList();
        }
    }
}
