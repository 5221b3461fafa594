package dev.twoliter.core.internal.toml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An array, written as a value or as {@code [[headers]]}. Not changed after parsing. */
public final class TomlArray implements TomlValue {

    private final List<TomlValue> values = new ArrayList<>();
    private final boolean ofHeaders;
    private final int start;
    private int end;

    TomlArray(boolean ofHeaders, int start, int end) {
        this.ofHeaders = ofHeaders;
        this.start = start;
        this.end = end;
    }

    /** {@return the values} */
    public List<TomlValue> values() {
        return Collections.unmodifiableList(values);
    }

    /** {@return whether it was written as {@code [[headers]]}; all values are tables then} */
    public boolean ofHeaders() {
        return ofHeaders;
    }

    @Override
    public int start() {
        return start;
    }

    @Override
    public int end() {
        return end;
    }

    void add(TomlValue value) {
        values.add(value);
    }

    void endAt(int offset) {
        end = offset;
    }

    TomlValue last() {
        return values.get(values.size() - 1);
    }
}
