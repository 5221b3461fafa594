package dev.twoliter.api;

import java.util.Locale;

/**
 * What a variant's name says, part by part: {@code PLATFORM-RUNTIME[-VERSION[-FLAVOR]]} (project-formats.md 4.8). Each can
 * be set apart from the name (newer-twoliter.md 4).
 */
public enum VariantAttribute {
    PLATFORM,
    RUNTIME,
    /** {@code PLATFORM-RUNTIME} unless it is set. */
    FAMILY,
    VERSION,
    FLAVOR;

    /** {@return the key in Cargo.toml} */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
