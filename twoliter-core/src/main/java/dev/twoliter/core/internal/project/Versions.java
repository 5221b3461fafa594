package dev.twoliter.core.internal.project;

import dev.twoliter.api.SemVer;
import dev.twoliter.api.VersionRequirement;
import java.util.Optional;
import java.util.function.Function;

/** Reads versions from a file, with a hint at the usual mistakes. */
final class Versions {

    private Versions() {}

    /** {@return the version; empty when it is missing or wrong, which is then a problem} */
    static Optional<SemVer> of(TomlView table, String key) {
        return read(table, key, SemVer::parse, "write one exact version; only kits take a requirement");
    }

    /** {@return the requirement; empty when it is missing or wrong, which is then a problem} */
    static Optional<VersionRequirement> requirement(TomlView table, String key) {
        return read(table, key, VersionRequirement::parse, "");
    }

    private static <T> Optional<T> read(TomlView table, String key, Function<String, T> parser, String noRanges) {
        return table.required(key).flatMap(text -> {
            try {
                return Optional.of(parser.apply(text));
            } catch (IllegalArgumentException e) {
                String hint = text.matches("[~^<>=*].*") ? noRanges : "";
                table.error(
                        key,
                        String.valueOf(e.getMessage()),
                        text.matches("[vV][0-9].*") ? "leave out the '" + text.charAt(0) + "'" : hint);
                return Optional.empty();
            }
        });
    }
}
