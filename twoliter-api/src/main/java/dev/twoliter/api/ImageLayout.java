package dev.twoliter.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The sizes of a variant's disks and partitions: {@code [package.metadata.build-variant.image-layout]}. Immutable,
 * thread-safe.
 *
 * @param osImageSizeGib what the operating system's partitions are scaled by, in GiB, 1 to 65535: the size of its disk,
 *     unless {@code partitions} need more
 * @param dataImageSizeGib size of the data disk or partition in GiB, 1 to 65535
 * @param publishImageSizeHintGib size in GiB that a published image should at least have; does not change the files
 * @param partitionPlan whether data has a disk of its own
 * @param partitions the maintainer's own partitions, and those of Bottlerocket's with another size
 */
public record ImageLayout(
        int osImageSizeGib,
        int dataImageSizeGib,
        int publishImageSizeHintGib,
        PartitionPlan partitionPlan,
        List<PartitionSpec> partitions) {

    /** The layout of a variant that says nothing: 2 GiB, 1 GiB, hint 22 GiB, split. */
    public static final ImageLayout DEFAULT = new ImageLayout(2, 1, 22, PartitionPlan.SPLIT);

    /** The layout of a standalone image that says nothing: 1 GiB, 1 GiB, hint 22 GiB, unified. */
    public static final ImageLayout STANDALONE = new ImageLayout(1, 1, 22, PartitionPlan.UNIFIED);

    /** Whether data has a disk of its own. */
    public enum PartitionPlan {
        /** The operating system on one disk, data on another. */
        SPLIT,
        /** Both on one disk. */
        UNIFIED;

        /** {@return the word in Cargo.toml} */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * Finds a plan by its word.
         *
         * @param key {@code split} or {@code unified}
         * @return the plan; empty when it is neither
         */
        public static Optional<PartitionPlan> of(String key) {
            return key.equals("split")
                    ? Optional.of(SPLIT)
                    : key.equals("unified") ? Optional.of(UNIFIED) : Optional.empty();
        }
    }

    public ImageLayout {
        Objects.requireNonNull(partitionPlan, "partitionPlan");
        partitions = List.copyOf(partitions);
    }

    /** Makes a layout with Bottlerocket's partitions, in their sizes. */
    public ImageLayout(
            int osImageSizeGib, int dataImageSizeGib, int publishImageSizeHintGib, PartitionPlan partitionPlan) {
        this(osImageSizeGib, dataImageSizeGib, publishImageSizeHintGib, partitionPlan, List.of());
    }

    /**
     * {@return this layout with another operating system disk}
     *
     * @param gib GiB
     */
    public ImageLayout osImageGib(int gib) {
        return new ImageLayout(gib, dataImageSizeGib, publishImageSizeHintGib, partitionPlan, partitions);
    }

    /**
     * {@return this layout with another data size}
     *
     * @param gib GiB
     */
    public ImageLayout dataImageGib(int gib) {
        return new ImageLayout(osImageSizeGib, gib, publishImageSizeHintGib, partitionPlan, partitions);
    }

    /** {@return this layout with everything on one disk} */
    public ImageLayout unified() {
        return new ImageLayout(
                osImageSizeGib, dataImageSizeGib, publishImageSizeHintGib, PartitionPlan.UNIFIED, partitions);
    }

    /** {@return this layout with data on a disk of its own} */
    public ImageLayout split() {
        return new ImageLayout(
                osImageSizeGib, dataImageSizeGib, publishImageSizeHintGib, PartitionPlan.SPLIT, partitions);
    }

    /**
     * {@return this layout with one more partition}
     *
     * @param partition its label, size and the rest
     */
    public ImageLayout partition(PartitionSpec partition) {
        List<PartitionSpec> more = new ArrayList<>(partitions);
        more.add(partition);
        return new ImageLayout(osImageSizeGib, dataImageSizeGib, publishImageSizeHintGib, partitionPlan, more);
    }

    /**
     * {@return this layout with another size of one of Bottlerocket's partitions}
     *
     * @param label such as {@code BOTTLEROCKET-PRIVATE}; for the partitions that there are two of, that of bank A
     * @param sizeMib MiB
     */
    public ImageLayout resized(String label, long sizeMib) {
        return partition(PartitionSpec.of(label, sizeMib));
    }
}
