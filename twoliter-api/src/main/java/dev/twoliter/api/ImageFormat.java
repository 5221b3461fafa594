package dev.twoliter.api;

import java.util.Locale;
import java.util.Optional;

/** What a variant's disk is written as. */
public enum ImageFormat {
    RAW,
    QCOW2,
    /** Also makes an OVA. */
    VMDK,
    /** A Nitro Enclave image; always standalone. */
    EIF,
    /** A raw disk that boots a unified kernel image. */
    UKI;

    /** {@return the word in Cargo.toml} */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds a format by its word.
     *
     * @param key such as {@code raw}; lower case only
     * @return the format; empty when there is none of that name
     */
    public static Optional<ImageFormat> of(String key) {
        for (ImageFormat format : values()) {
            if (format.key().equals(key)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
