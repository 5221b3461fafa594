package dev.twoliter.core.internal.disk.layout;

import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.VariantSpec;

/**
 * What decides which partitions of Bottlerocket's there are.
 *
 * @param twoBanks whether updates are written beside the running system (in-place updates); otherwise there is one bank
 *     of twice the size
 * @param unifiedKernel whether firmware starts a unified kernel image, which lies in the EFI partition; there is no boot
 *     partition
 * @param standalone whether nothing persists: no private and no data partition
 */
public record DiskShape(boolean twoBanks, boolean unifiedKernel, boolean standalone) {

    /**
     * Reads it off a variant.
     *
     * @param variant the variant
     * @return its shape
     */
    public static DiskShape of(VariantSpec variant) {
        return new DiskShape(
                variant.has(ImageFeature.IN_PLACE_UPDATES),
                variant.imageFormat() == ImageFormat.UKI,
                variant.isStandalone());
    }
}
