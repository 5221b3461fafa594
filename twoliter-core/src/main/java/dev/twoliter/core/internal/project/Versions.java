package dev.twoliter.core.internal.project;

import dev.twoliter.api.SemVer;
import java.util.Optional;

/** Reads a semantic version from a file, with a hint at the usual mistakes. */
final class Versions {

    private Versions() {}

    /** {@return the version; empty when it is missing or wrong, which is then a problem} */
    static Optional<SemVer> of(TomlView table, String key) {
        return table.required(key).flatMap(text -> {
            try {
                return Optional.of(SemVer.parse(text));
            } catch (IllegalArgumentException e) {
                table.error(key, String.valueOf(e.getMessage()), hint(text));
                return Optional.empty();
            }
        });
    }

    private static String hint(String text) {
        if (text.matches("[vV][0-9].*")) {
            return "leave out the '" + text.charAt(0) + "'";
        }
        return text.matches("[~^<>=*].*") ? "write one exact version; the lock needs it" : "";
    }
}
