package dev.twoliter.api;

/** Which form a Twoliter.toml has. All are read; {@link #SCHEMA_2} is written unless another is asked for. */
public enum Dialect {
    /** The design document's: {@code project-name}, {@code project-version}, no vendors needed. */
    DESIGN,
    /** {@code schema-version = 1} with {@code release-version}; the project vendor is {@code Bottlerocket}. */
    SCHEMA_1,
    /** {@code schema-version = 2} with {@code project-vendor}. */
    SCHEMA_2
}
