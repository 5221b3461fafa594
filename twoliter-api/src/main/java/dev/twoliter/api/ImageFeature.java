package dev.twoliter.api;

import java.util.Locale;
import java.util.Optional;

/** A switch of a variant: {@code [package.metadata.build-variant.image-features]}. */
public enum ImageFeature {
    /** Two banks of operating system partitions instead of one; on by default, but off for a standalone image. */
    IN_PLACE_UPDATES(true),
    /** Packages that run host containers; on by default, but off for a standalone image. */
    HOST_CONTAINERS(true),
    /** Kernel modules may be built outside the image; on by default. */
    EXTERNAL_KMOD_DEVELOPMENT(true),
    /** Deprecated upstream: boot configuration on the private partition, which every image has now. */
    GRUB_SET_PRIVATE_VAR(false),
    UEFI_SECURE_BOOT(false),
    XFS_DATA_PARTITION(false),
    EROFS_ROOT_PARTITION(false),
    /** Deprecated upstream: networking by systemd-networkd. */
    SYSTEMD_NETWORKD(false),
    FIPS(false),
    /** Experimental upstream: the machine encrypts its storage at the first start; needs a TPM. */
    ENCRYPTED_STORAGE(false),
    /** Experimental upstream: keys live until the next boot; needs {@link #ENCRYPTED_STORAGE} and the format uki. */
    EPHEMERAL_ENCRYPTION_KEYS(false),
    /** An image without persistent partitions; on by default for the format eif. */
    STANDALONE_IMAGE(false);

    private final boolean onByDefault;

    ImageFeature(boolean onByDefault) {
        this.onByDefault = onByDefault;
    }

    /** {@return whether a variant that does not mention it has it, unless its image is standalone} */
    public boolean onByDefault() {
        return onByDefault;
    }

    /** {@return the key in Cargo.toml, such as {@code in-place-updates}} */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Finds a feature by its key.
     *
     * @param key such as {@code in-place-updates}
     * @return the feature; empty when there is none of that name
     */
    public static Optional<ImageFeature> of(String key) {
        for (ImageFeature feature : values()) {
            if (feature.key().equals(key)) {
                return Optional.of(feature);
            }
        }
        return Optional.empty();
    }
}
