package dev.twoliter.core.internal.toml;

/**
 * A value without parts.
 *
 * @param value a {@link String}, {@link Long}, {@link Double}, {@link Boolean} or {@link DateTime}
 * @param start see {@link TomlValue#start()}
 * @param end see {@link TomlValue#end()}
 */
public record TomlScalar(Object value, int start, int end) implements TomlValue {

    /**
     * A date, a time, or both, as it was written.
     *
     * @param text such as {@code 1979-05-27T07:32:00Z}
     */
    public record DateTime(String text) {}
}
