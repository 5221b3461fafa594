package dev.twoliter.core.internal.disk.tree;

import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The extended attributes of an entry by full name, such as {@code security.capability}. Immutable. */
public final class Xattrs {
    /** No extended attributes. */
    public static final Xattrs NONE = new Xattrs(new TreeMap<>());

    private final NavigableMap<String, byte[]> values;

    private Xattrs(NavigableMap<String, byte[]> values) {
        this.values = values;
    }

    /**
     * Makes a set of extended attributes.
     *
     * @param values by full name; copied
     * @return the set
     */
    public static Xattrs of(Map<String, byte[]> values) {
        NavigableMap<String, byte[]> copy = new TreeMap<>();
        values.forEach((name, value) -> copy.put(name, value.clone()));
        return copy.isEmpty() ? NONE : new Xattrs(copy);
    }

    /**
     * Adds or replaces one.
     *
     * @param name the full name
     * @param value the value; copied
     * @return the larger set
     */
    public Xattrs with(String name, byte[] value) {
        NavigableMap<String, byte[]> copy = new TreeMap<>(values);
        copy.put(Objects.requireNonNull(name, "name"), value.clone());
        return new Xattrs(copy);
    }

    /** {@return the full names, sorted} */
    public SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(values.navigableKeySet());
    }

    /**
     * Looks one up.
     *
     * @param name one of {@link #names()}
     * @return a copy of the value
     */
    public byte[] value(String name) {
        byte[] value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no extended attribute " + name);
        }
        return value.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Xattrs that
                && values.keySet().equals(that.values.keySet())
                && values.keySet().stream().allMatch(name -> Arrays.equals(values.get(name), that.values.get(name)));
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (Map.Entry<String, byte[]> entry : values.entrySet()) {
            hash = 31 * (31 * hash + entry.getKey().hashCode()) + Arrays.hashCode(entry.getValue());
        }
        return hash;
    }

    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + HexFormat.of().formatHex(entry.getValue()))
                .collect(Collectors.joining(" "));
    }
}
