package dev.twoliter.core.internal.project;

import dev.twoliter.core.internal.toml.TomlArray;
import dev.twoliter.core.internal.toml.TomlDocument;
import dev.twoliter.core.internal.toml.TomlScalar;
import dev.twoliter.core.internal.toml.TomlTable;
import dev.twoliter.core.internal.toml.TomlValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the values of a TOML document stand in its text, by path, such as {@code kit[1].version}; keys that are not bare
 * stand in quotes there. Immutable once made.
 */
final class TomlLayout {

    /** What a value is written as; the two kinds of strings on one line or several. */
    enum Form {
        MULTILINE_BASIC("\"\"\""),
        MULTILINE_LITERAL("'''"),
        BASIC("\""),
        LITERAL("'"),
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
    private final Map<String, Object> leaves = new LinkedHashMap<>();

    private TomlLayout(String text) {
        this.text = text;
    }

    /** {@return where the values of a document are} */
    static TomlLayout of(TomlDocument document) {
        TomlLayout layout = new TomlLayout(document.text());
        layout.table("", document.root());
        return layout;
    }

    /** {@return everything that is neither table nor array, by path} */
    Map<String, Object> leaves() {
        return Collections.unmodifiableMap(leaves);
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

    /** {@return the offset after space, line breaks and comments} */
    int blankEnd(int offset) {
        int end = offset;
        while (end < text.length() && " \t\r\n#".indexOf(text.charAt(end)) >= 0) {
            end = text.charAt(end) == '#' ? lineEnd(end) : end + 1;
        }
        return end;
    }

    /** Takes down a table; returns the end of its last entry that stands under its own header. */
    private int table(String path, TomlTable table) {
        int last = table.isDotted() ? 0 : table.end();
        for (String key : table.keys()) {
            TomlValue child = Objects.requireNonNull(table.get(key)).value();
            last = Math.max(last, child(join(path, TomlText.key(key)), child));
        }
        if (table.hasHeader()) {
            lastLines.put(path, lineEnd(last));
        }
        return table.isDotted() ? last : 0;
    }

    /** Takes down a value; returns its end, or 0 for what stands under headers of its own. */
    private int child(String path, TomlValue value) {
        if (value instanceof TomlTable table && !table.isInline()) {
            return table(path, table);
        }
        if (value instanceof TomlArray array && array.ofHeaders()) {
            for (int i = 0; i < array.values().size(); i++) {
                child(path + "[" + i + "]", array.values().get(i));
            }
            return 0;
        }
        if (value instanceof TomlScalar scalar) {
            leaves.put(path, scalar.value());
        }
        values.put(path, new Value(form(value), value.start(), value.end(), parts(path, value)));
        return value.end();
    }

    private List<String> parts(String path, TomlValue value) {
        List<String> parts = new ArrayList<>();
        if (value instanceof TomlArray array) {
            for (TomlValue element : array.values()) {
                String part = path + "[" + parts.size() + "]";
                child(part, element);
                parts.add(part);
            }
        } else if (value instanceof TomlTable inline) {
            entries(path, inline, parts);
        }
        return List.copyOf(parts);
    }

    /** The entries of an inline table as they are written: a dotted key is one entry, not a table. */
    private void entries(String path, TomlTable table, List<String> parts) {
        for (String key : table.keys()) {
            TomlValue child = Objects.requireNonNull(table.get(key)).value();
            String part = join(path, TomlText.key(key));
            if (child instanceof TomlTable dotted && dotted.isDotted()) {
                entries(part, dotted, parts);
            } else {
                child(part, child);
                parts.add(part);
            }
        }
    }

    private static String join(String table, String key) {
        return table.isEmpty() ? key : table + "." + key;
    }

    private Form form(TomlValue value) {
        if (value instanceof TomlArray) {
            return Form.ARRAY;
        }
        if (value instanceof TomlTable) {
            return Form.INLINE_TABLE;
        }
        if (value instanceof TomlScalar scalar && scalar.value() instanceof String) {
            for (Form form : Form.values()) {
                if (text.startsWith(form.quote, value.start())) {
                    // An empty string on one line begins with two quotes, not three.
                    return form;
                }
            }
        }
        return Form.OTHER;
    }
}
