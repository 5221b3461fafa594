package dev.twoliter.oci;

import java.util.Objects;

/**
 * What an image runs on (OCI image index, "platform"). Immutable, thread-safe.
 *
 * @param os such as {@code linux}
 * @param architecture GOARCH, such as {@code amd64}
 * @param variant of the architecture, such as {@code v7} of {@code arm}; empty when there is none
 */
public record Platform(String os, String architecture, String variant) {

    public Platform {
        Objects.requireNonNull(os, "os");
        Objects.requireNonNull(architecture, "architecture");
        Objects.requireNonNull(variant, "variant");
    }

    /**
     * Names a platform without a variant.
     *
     * @param os such as {@code linux}
     * @param architecture GOARCH, such as {@code amd64}
     */
    public Platform(String os, String architecture) {
        this(os, architecture, "");
    }

    /**
     * {@return whether both are the same to whoever picks an image: {@code arm64} and its only variant, {@code v8}, are}
     *
     * @param other another platform
     */
    public boolean matches(Platform other) {
        return plain().equals(other.plain());
    }

    private Platform plain() {
        return architecture.equals("arm64") && variant.equals("v8") ? new Platform(os, architecture) : this;
    }

    /** {@return such as {@code linux/amd64} or {@code linux/arm/v7}} */
    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
