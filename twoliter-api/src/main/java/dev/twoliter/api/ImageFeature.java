package dev.twoliter.api;

import java.util.Locale;
import java.util.Optional;

/** A switch of a variant: {@code [package.metadata.build-variant.image-features]}. */
public enum ImageFeature {
    /** Two banks of operating system partitions instead of one; on by default. */
    IN_PLACE_UPDATES(true),
    /** Packages that run host containers; on by default. */
    HOST_CONTAINERS(true),
    /** Kernel modules may be built outside the image; on by default. */
    EXTERNAL_KMOD_DEVELOPMENT(true),
    /** Deprecated upstream: boot configuration on the private partition. */
    GRUB_SET_PRIVATE_VAR(false),
    UEFI_SECURE_BOOT(false),
    XFS_DATA_PARTITION(false),
    EROFS_ROOT_PARTITION(false),
    /** Deprecated upstream: networking by systemd-networkd. */
    SYSTEMD_NETWORKD(false),
    FIPS(false),
    ENCRYPTED_STORAGE(false),
    EPHEMERAL_ENCRYPTION_KEYS(false),
    STANDALONE_IMAGE(false);

    private final boolean onByDefault;

    ImageFeature(boolean onByDefault) {
        this.onByDefault = onByDefault;
    }

    /** {@return whether a variant that does not mention it has it} */
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
