package dev.twoliter.core.internal.project;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes a TOML document (toml.io, version 1.0.0) in the shape that people and Rust's toml crate write. */
final class TomlText {

    private static final int WIDTH = 100;

    private final StringBuilder text = new StringBuilder();

    /** Adds a line of comment. */
    TomlText comment(String words) {
        text.append("# ").append(words).append('\n');
        return this;
    }

    /** Starts a table. */
    TomlText table(String... keys) {
        return header("[", "]", keys);
    }

    /** Starts an element of an array of tables. */
    TomlText element(String... keys) {
        return header("[[", "]]", keys);
    }

    /** Adds a line as it is, such as the header of a table that belongs closely to what precedes it. */
    TomlText line(String line) {
        text.append(line).append('\n');
        return this;
    }

    private TomlText header(String open, String close, String... keys) {
        if (!text.isEmpty()) {
            text.append('\n');
        }
        text.append(open)
                .append(List.of(keys).stream().map(TomlText::key).collect(Collectors.joining(".")))
                .append(close)
                .append('\n');
        return this;
    }

    TomlText put(String key, String value) {
        return raw(key, string(value));
    }

    TomlText put(String key, long value) {
        return raw(key, Long.toString(value));
    }

    TomlText put(String key, boolean value) {
        return raw(key, Boolean.toString(value));
    }

    /** Adds an array of strings: on one line when it fits, else one a line. */
    TomlText put(String key, List<String> values) {
        String line = values.stream().map(TomlText::string).collect(Collectors.joining(", ", "[", "]"));
        if (key.length() + 3 + line.length() <= WIDTH) {
            return raw(key, line);
        }
        return lines(key, values);
    }

    /** Adds an array of strings, one a line. */
    TomlText lines(String key, List<String> values) {
        return raw(
                key, values.stream().map(v -> "    " + string(v) + ",\n").collect(Collectors.joining("", "[\n", "]")));
    }

    /** Adds a value that is TOML already. */
    TomlText raw(String key, String toml) {
        text.append(key(key)).append(" = ").append(toml).append('\n');
        return this;
    }

    /** {@return a key: bare where TOML allows it, else quoted} */
    static String key(String name) {
        boolean bare = !name.isEmpty()
                && name.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || c == '_'
                                || c == '-');
        return bare ? name : string(name);
    }

    /** {@return a basic string; quotes, backslashes, control characters and DEL are escaped} */
    static String string(String value) {
        StringBuilder out = new StringBuilder(value.length() + 2).append('"');
        value.chars().forEach(c -> escape(out, (char) c));
        return out.append('"').toString();
    }

    /**
     * {@return the text that a string of any of the four kinds stands for}
     *
     * @param token the string with its quotes
     * @throws IllegalArgumentException if it is no string
     */
    static String unquote(String token) {
        return TomlView.parse(("v = " + token).getBytes(StandardCharsets.UTF_8), "", new Problems())
                .flatMap(view -> view.string("v"))
                .orElseThrow(() -> new IllegalArgumentException("no string: " + token));
    }

    /** {@return a multi-line basic string, so that a text of several lines stays readable} */
    static String multiline(String value) {
        StringBuilder out = new StringBuilder(value.length() + 8).append("\"\"\"\n");
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) == '\n') {
                out.append('\n');
            } else {
                escape(out, value.charAt(i));
            }
        }
        return out.append("\"\"\"").toString();
    }

    private static void escape(StringBuilder out, char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c < ' ' || c == 0x7F) {
                    out.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
                } else {
                    out.append(c);
                }
            }
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
