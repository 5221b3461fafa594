package dev.twoliter.api;

import java.util.Locale;
import java.util.Optional;

/** How the kernel lies in an enclave image of x86_64: {@code eif-kernel-format} (newer-twoliter.md 4). */
public enum EifKernelFormat {
    BZIMAGE,
    VMLINUX;

    /** {@return the word in Cargo.toml} */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds a format by its word.
     *
     * @param key such as {@code bzimage}; lower case only
     * @return the format; empty when there is none of that name
     */
    public static Optional<EifKernelFormat> of(String key) {
        for (EifKernelFormat format : values()) {
            if (format.key().equals(key)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
