package dev.twoliter.core.internal.kmod;

import dev.twoliter.api.FormatException;

/** Keys of indexes. */
final class ModuleAlias {
    private static final int MAX = 4096;

    private ModuleAlias() {}

    /** Writes a pattern as it is looked up: with underscores for hyphens, but for those of a set in brackets. */
    static String normalize(String alias, String module) {
        StringBuilder key = new StringBuilder(alias.length());
        boolean inside = false;
        for (int i = 0; i < alias.length(); i++) {
            char c = alias.charAt(i);
            if (c == '[') {
                inside = true;
            } else if (c == ']') {
                if (!inside) {
                    throw unmatched(alias, module);
                }
                inside = false;
            }
            key.append(c == '-' && !inside ? '_' : c);
        }
        if (inside) {
            throw unmatched(alias, module);
        }
        return key(key.toString(), module);
    }

    /** Checks that it can be looked up. */
    static String key(String key, String module) {
        if (key.length() > MAX || key.chars().anyMatch(c -> c <= 0 || c > 127)) {
            throw new FormatException(
                    module, "has a name that cannot be in an index: longer than " + MAX + " characters, or not ASCII");
        }
        return key;
    }

    private static FormatException unmatched(String alias, String module) {
        return new FormatException(module, "has the alias " + alias + " with a bracket that nothing matches");
    }
}
