package dev.twoliter.core.internal.toml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A table, in the order of the file. Not changed after parsing. */
public final class TomlTable implements TomlValue {

    /** How a table came to be; it decides what may be added to it later. */
    enum Origin {
        /** Named by its own {@code [header]} or {@code [[header]]}. */
        HEADER,
        /** Named on the way to a header below it; its own header may follow. */
        PASSED,
        /** Made by a dotted key. */
        DOTTED,
        /** Written between braces; complete. */
        INLINE
    }

    /**
     * A key and its value.
     *
     * @param keyStart where the key (the last part of a dotted one) begins
     * @param keyEnd where it ends
     * @param value the value
     */
    public record Entry(int keyStart, int keyEnd, TomlValue value) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private Origin origin;
    private int start;
    private int end;

    TomlTable(Origin origin, int start, int end) {
        this.origin = origin;
        this.start = start;
        this.end = end;
    }

    /** {@return the keys} */
    public Set<String> keys() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /**
     * {@return the entry of a key; null when there is none}
     *
     * @param key one key, not a dotted path
     */
    public @Nullable Entry get(String key) {
        return entries.get(key);
    }

    /** {@return whether it was written between braces} */
    public boolean isInline() {
        return origin == Origin.INLINE;
    }

    /** {@return whether it was made by a dotted key} */
    public boolean isDotted() {
        return origin == Origin.DOTTED;
    }

    /** {@return whether it has a header of its own} */
    public boolean hasHeader() {
        return origin == Origin.HEADER;
    }

    @Override
    public int start() {
        return start;
    }

    @Override
    public int end() {
        return end;
    }

    Origin origin() {
        return origin;
    }

    void become(Origin value) {
        origin = value;
    }

    void place(int from, int to) {
        start = from;
        end = to;
    }

    void put(String key, Entry entry) {
        entries.put(key, entry);
    }
}
