package dev.twoliter.core.internal.project;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the values of a TOML document stand in its text. The document is correct TOML 1.0.0, as a parser has found: so
 * this finds the ends of things and checks nothing. Values are named by path, such as {@code kit[1].version}; keys that
 * are not bare stand in quotes there. Immutable once made.
 */
final class TomlLayout {

    /** What a value is written as; the two kinds of strings on one line or several. */
    enum Form {
        BASIC("\""),
        LITERAL("'"),
        MULTILINE_BASIC("\"\"\""),
        MULTILINE_LITERAL("'''"),
        ARRAY("["),
        INLINE_TABLE("{"),
        OTHER("");

        final String quote;

        Form(String quote) {
            this.quote = quote;
        }

        boolean isString() {
            return quote.startsWith("\"") || quote.startsWith("'");
        }
    }

    /**
     * One value.
     *
     * @param form what it is written as
     * @param start offset of its first character
     * @param end offset after its last character
     * @param parts the paths of an array's elements or of an inline table's entries
     */
    record Value(Form form, int start, int end, List<String> parts) {}

    private final String text;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Map<String, Integer> lastLines = new HashMap<>();
    private final Map<String, Integer> elements = new HashMap<>();
    private int at;

    private TomlLayout(String text) {
        this.text = text;
    }

    /**
     * Looks through a document.
     *
     * @param text correct TOML; may begin with a byte order mark
     * @return where its values are
     * @throws IllegalArgumentException if it is not what TOML looks like
     */
    static TomlLayout of(String text) {
        TomlLayout layout = new TomlLayout(text);
        layout.document();
        return layout;
    }

    /** {@return the value at a path; empty when nothing is written there} */
    Optional<Value> value(String path) {
        return Optional.ofNullable(values.get(path));
    }

    /** {@return the offset of the end of a table's last line, the header or an entry; empty when it has no header} */
    Optional<Integer> lastLine(String table) {
        return Optional.ofNullable(lastLines.get(table));
    }

    /** {@return where a line begins that an offset is on} */
    int lineStart(int offset) {
        return text.lastIndexOf('\n', offset - 1) + 1;
    }

    /** {@return where the line ends that an offset is on, before its line break} */
    int lineEnd(int offset) {
        int end = text.indexOf('\n', offset);
        if (end < 0) {
            return text.length();
        }
        return end > offset && text.charAt(end - 1) == '\r' ? end - 1 : end;
    }

    /** {@return the offset after the comma that follows an element of an array; empty when none does} */
    Optional<Integer> commaAfter(Value element) {
        int after = blankEnd(element.end());
        return text.startsWith(",", after) ? Optional.of(after + 1) : Optional.empty();
    }

    private void document() {
        if (peek() == '\uFEFF') {
            at++;
        }
        String table = "";
        for (skipBlank(); at < text.length(); skipBlank()) {
            if (peek() == '[') {
                table = header();
            } else {
                entry(table);
            }
            lastLines.put(table, lineEnd(at));
        }
    }

    private String header() {
        boolean array = text.startsWith("[[", at);
        at += array ? 2 : 1;
        List<String> keys = keys();
        expect(']');
        if (array) {
            expect(']');
        }
        String path = "";
        for (int i = 0; i < keys.size(); i++) {
            path = join(path, keys.get(i));
            if (array && i == keys.size() - 1) {
                elements.merge(path, 1, Integer::sum);
            }
            if (elements.containsKey(path)) {
                path += "[" + (elements.get(path) - 1) + "]";
            }
        }
        return path;
    }

    private String entry(String table) {
        String path = table;
        for (String key : keys()) {
            path = join(path, key);
        }
        expect('=');
        skipSpace();
        readValue(path);
        return path;
    }

    private static String join(String table, String key) {
        return table.isEmpty() ? key : table + "." + key;
    }

    /** Reads a dotted key, with the space around it. */
    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        do {
            skipSpace();
            int start = at;
            if (peek() == '"' || peek() == '\'') {
                string();
                keys.add(TomlText.key(TomlText.unquote(text.substring(start, at))));
            } else {
                while (isBare(peek())) {
                    at++;
                }
                keys.add(text.substring(start, at));
            }
            if (at == start) {
                throw unexpected();
            }
            skipSpace();
        } while (skip('.'));
        return keys;
    }

    private void readValue(String path) {
        int start = at;
        List<String> parts = new ArrayList<>();
        Form form = switch (peek()) {
            case '"', '\'' -> string();
            case '[' -> array(path, parts);
            case '{' -> inlineTable(path, parts);
            default -> other();
        };
        values.put(path, new Value(form, start, at, List.copyOf(parts)));
    }

    private Form array(String path, List<String> parts) {
        at++;
        for (skipBlank(); !skip(']'); skipBlank()) {
            String element = path + "[" + parts.size() + "]";
            readValue(element);
            parts.add(element);
            skipBlank();
            if (!skip(',') && peek() != ']') {
                throw unexpected();
            }
        }
        return Form.ARRAY;
    }

    private Form inlineTable(String path, List<String> parts) {
        at++;
        for (skipSpace(); !skip('}'); skipSpace()) {
            parts.add(entry(path));
            skipSpace();
            if (!skip(',') && peek() != '}') {
                throw unexpected();
            }
        }
        return Form.INLINE_TABLE;
    }

    private Form string() {
        for (Form form : List.of(Form.MULTILINE_BASIC, Form.MULTILINE_LITERAL, Form.BASIC, Form.LITERAL)) {
            if (text.startsWith(form.quote, at)) {
                at += form.quote.length();
                closeString(form);
                return form;
            }
        }
        throw unexpected();
    }

    private void closeString(Form form) {
        boolean escapes = form == Form.BASIC || form == Form.MULTILINE_BASIC;
        while (!text.startsWith(form.quote, at)) {
            if (at >= text.length()) {
                throw unexpected();
            }
            at += escapes && peek() == '\\' ? 2 : 1;
        }
        at += form.quote.length();
        // Up to two quotes may stand before the three that close.
        for (int i = 0; i < 2 && form.quote.length() == 3 && peek() == form.quote.charAt(0); i++) {
            at++;
        }
    }

    private Form other() {
        int start = at;
        while (at < text.length() && ",]}#\r\n".indexOf(peek()) < 0) {
            at++;
        }
        while (at > start && isSpace(text.charAt(at - 1))) {
            at--;
        }
        if (at == start) {
            throw unexpected();
        }
        return Form.OTHER;
    }

    private void skipBlank() {
        at = blankEnd(at);
    }

    /** {@return the offset after space, line breaks and comments} */
    int blankEnd(int offset) {
        int end = offset;
        while (end < text.length() && " \t\r\n#".indexOf(text.charAt(end)) >= 0) {
            end = text.charAt(end) == '#' ? lineEnd(end) : end + 1;
        }
        return end;
    }

    private void skipSpace() {
        while (isSpace(peek())) {
            at++;
        }
    }

    private boolean skip(char c) {
        boolean there = peek() == c;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char c) {
        if (!skip(c)) {
            throw unexpected();
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isBare(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("unexpected text at offset " + at);
    }
}
