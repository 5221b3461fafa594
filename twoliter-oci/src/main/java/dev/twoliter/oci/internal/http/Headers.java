package dev.twoliter.oci.internal.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Header fields, whose names have no case (RFC 9110, 5). Not thread-safe. */
public final class Headers {

    private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /** Adds a value; one that could end the line it is written on is refused. */
    public Headers add(String name, String value) {
        if (!value.chars().allMatch(c -> (c >= ' ' && c != 127) || c == '\t')) {
            throw new IllegalArgumentException("the value of " + name + " has a control character");
        }
        fields.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
        return this;
    }

    /** Adds what other headers have. */
    public Headers addAll(Headers others) {
        others.fields.forEach((name, values) -> values.forEach(value -> add(name, value)));
        return this;
    }

    public List<String> all(String name) {
        return fields.getOrDefault(name, List.of());
    }

    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    boolean has(String name, String token) {
        return all(name).stream()
                .flatMap(value -> List.of(value.split(",")).stream())
                .anyMatch(value -> value.strip().equalsIgnoreCase(token));
    }

    int size() {
        return fields.values().stream().mapToInt(List::size).sum();
    }

    void writeTo(StringBuilder out) {
        fields.forEach((name, values) -> values.forEach(
                value -> out.append(name).append(": ").append(value).append("\r\n")));
    }
}
