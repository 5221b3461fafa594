package dev.twoliter.core.internal.toml;

import dev.twoliter.core.internal.toml.TomlTable.Entry;
import dev.twoliter.core.internal.toml.TomlTable.Origin;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one text, in the order of the grammar of toml.io/en/v1.0.0: expressions, keys, values, arrays, inline tables.
 * Stops at the first error. Not thread-safe.
 */
final class TomlParser {

    /** How deep arrays and tables may lie in one another; the recursion is as deep. */
    static final int MAX_DEPTH = 32;

    /** One part of a dotted key. */
    private record Key(String name, int start, int end) {}

    private final TomlCursor text;
    private final TomlTable root = new TomlTable(Origin.HEADER, 0, 0);
    private TomlTable current = root;
    private int headerDepth;
    private int depth;

    TomlParser(String text) {
        this.text = new TomlCursor(text);
    }

    TomlTable parse() throws TomlSyntaxException {
        while (!text.atEnd()) {
            text.skipBlanks();
            if (text.peek() == '[') {
                header();
            } else if (!text.atLineEnd()) {
                depth = headerDepth;
                pair(current);
            }
            text.endOfLine();
        }
        return root;
    }

    // [table] and [[array of tables]]

    private void header() throws TomlSyntaxException {
        int start = text.offset();
        text.advance();
        boolean element = text.take('[');
        text.skipBlanks();
        List<Key> keys = keys(0);
        text.require(']', "']' after the name of the table");
        if (element) {
            text.require(']', "']]' after the name of the table");
        }
        int end = text.offset();
        TomlTable table = root;
        for (Key key : keys.subList(0, keys.size() - 1)) {
            table = passed(table, key, start, end);
        }
        Key last = keys.get(keys.size() - 1);
        current = element ? element(table, last, start, end) : table(table, last, start, end);
        headerDepth = keys.size();
    }

    /** Goes into a table on the way to the one that a header names. */
    private TomlTable passed(TomlTable table, Key key, int start, int end) throws TomlSyntaxException {
        Entry entry = table.get(key.name());
        if (entry == null) {
            TomlTable made = new TomlTable(Origin.PASSED, start, end);
            table.put(key.name(), new Entry(key.start(), key.end(), made));
            return made;
        }
        if (entry.value() instanceof TomlTable next && !next.isInline()) {
            return next;
        }
        if (entry.value() instanceof TomlArray array && array.ofHeaders()) {
            return (TomlTable) array.last();
        }
        throw taken(key, entry);
    }

    private TomlTable table(TomlTable parent, Key key, int start, int end) throws TomlSyntaxException {
        Entry entry = parent.get(key.name());
        if (entry == null) {
            TomlTable made = new TomlTable(Origin.HEADER, start, end);
            parent.put(key.name(), new Entry(key.start(), key.end(), made));
            return made;
        }
        if (entry.value() instanceof TomlTable table && table.origin() == Origin.PASSED) {
            table.become(Origin.HEADER);
            table.place(start, end);
            parent.put(key.name(), new Entry(key.start(), key.end(), table));
            return table;
        }
        throw taken(key, entry);
    }

    private TomlTable element(TomlTable parent, Key key, int start, int end) throws TomlSyntaxException {
        Entry entry = parent.get(key.name());
        if (entry == null) {
            entry = new Entry(key.start(), key.end(), new TomlArray(true, start, end));
            parent.put(key.name(), entry);
        }
        if (entry.value() instanceof TomlArray array && array.ofHeaders()) {
            TomlTable made = new TomlTable(Origin.HEADER, start, end);
            array.add(made);
            return made;
        }
        throw taken(key, entry);
    }

    private TomlSyntaxException taken(Key key, Entry entry) {
        return text.error(
                key.start(),
                "'" + key.name() + "' is there already, on line "
                        + text.position(entry.keyStart()).line(),
                "");
    }

    // key = value

    private void pair(TomlTable table) throws TomlSyntaxException {
        List<Key> keys = keys(depth);
        text.requireEquals();
        TomlTable target = table;
        for (Key key : keys.subList(0, keys.size() - 1)) {
            target = dotted(target, key);
        }
        Key last = keys.get(keys.size() - 1);
        Entry other = target.get(last.name());
        if (other != null) {
            throw taken(last, other);
        }
        depth += keys.size();
        TomlValue value = value();
        depth -= keys.size();
        target.put(last.name(), new Entry(last.start(), last.end(), value));
    }

    /** Goes into a table that a dotted key names. */
    private TomlTable dotted(TomlTable table, Key key) throws TomlSyntaxException {
        Entry entry = table.get(key.name());
        if (entry == null) {
            TomlTable made = new TomlTable(Origin.DOTTED, key.start(), key.end());
            table.put(key.name(), new Entry(key.start(), key.end(), made));
            return made;
        }
        if (entry.value() instanceof TomlTable next
                && (next.origin() == Origin.DOTTED || next.origin() == Origin.PASSED)) {
            next.become(Origin.DOTTED);
            return next;
        }
        throw taken(key, entry);
    }

    private List<Key> keys(int above) throws TomlSyntaxException {
        List<Key> keys = new ArrayList<>(2);
        do {
            text.skipBlanks();
            int start = text.offset();
            String name = text.key();
            keys.add(new Key(name, start, text.offset()));
            if (above + keys.size() > MAX_DEPTH) {
                throw tooDeep(start);
            }
            text.skipBlanks();
        } while (text.take('.'));
        return keys;
    }

    private TomlSyntaxException tooDeep(int offset) {
        return text.error(offset, "this is nested more than " + MAX_DEPTH + " levels deep", "");
    }

    // values

    private TomlValue value() throws TomlSyntaxException {
        int start = text.offset();
        if (depth > MAX_DEPTH) {
            throw tooDeep(start);
        }
        return switch (text.peek()) {
            case '[' -> array();
            case '{' -> inlineTable();
            default -> new TomlScalar(text.scalar(), start, text.offset());
        };
    }

    private TomlArray array() throws TomlSyntaxException {
        TomlArray array = new TomlArray(false, text.offset(), 0);
        text.advance();
        depth++;
        while (true) {
            text.skipBlanksAndLines();
            if (text.take(']')) {
                break;
            }
            array.add(value());
            text.skipBlanksAndLines();
            if (!text.take(',') && text.peek() != ']') {
                throw text.unexpected("',' or ']' in the array");
            }
        }
        depth--;
        array.endAt(text.offset());
        return array;
    }

    private TomlTable inlineTable() throws TomlSyntaxException {
        int start = text.offset();
        // Open for dotted keys of its own until it is complete.
        TomlTable table = new TomlTable(Origin.DOTTED, start, 0);
        text.advance();
        text.skipBlanks();
        boolean first = true;
        while (!text.take('}')) {
            if (!first) {
                text.require(',', "',' or '}' in the inline table");
                text.skipBlanks();
            }
            first = false;
            pair(table);
            text.skipBlanks();
        }
        table.become(Origin.INLINE);
        table.place(start, text.offset());
        return table;
    }
}
