package dev.twoliter.core.internal.toml;

import dev.twoliter.core.internal.toml.TomlScalar.DateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlVersion;

/** What a text means, as plain Java values: by our parser and by another one. */
final class TomlOracle {

    private TomlOracle() {}

    static Object plain(TomlValue value) {
        if (value instanceof TomlTable table) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (String key : table.keys()) {
                map.put(key, plain(Objects.requireNonNull(table.get(key)).value()));
            }
            return map;
        }
        if (value instanceof TomlArray array) {
            return array.values().stream().map(TomlOracle::plain).toList();
        }
        Object scalar = ((TomlScalar) value).value();
        return scalar instanceof DateTime time ? time.text() : scalar;
    }

    /** What tomlj reads; null when it refuses the text. */
    static Object tomlj(String text) {
        TomlParseResult result = Toml.parse(text, TomlVersion.V1_0_0);
        return result.hasErrors() ? List.of() : plainTomlj(result);
    }

    private static Object plainTomlj(Object value) {
        if (value instanceof org.tomlj.TomlTable table) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (String key : table.keySet()) {
                map.put(key, plainTomlj(Objects.requireNonNull(table.get(List.of(key)))));
            }
            return map;
        }
        if (value instanceof org.tomlj.TomlArray array) {
            List<Object> list = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                list.add(plainTomlj(array.get(i)));
            }
            return list;
        }
        return value instanceof String || value instanceof Long || value instanceof Double || value instanceof Boolean
                ? value
                : "time";
    }

    /** The same with all dates and times alike: tomlj has no text of them. */
    static Object withoutTimes(TomlValue value) {
        if (value instanceof TomlTable table) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (String key : table.keys()) {
                map.put(key, withoutTimes(Objects.requireNonNull(table.get(key)).value()));
            }
            return map;
        }
        if (value instanceof TomlArray array) {
            return array.values().stream().map(TomlOracle::withoutTimes).toList();
        }
        Object scalar = ((TomlScalar) value).value();
        return scalar instanceof DateTime ? "time" : scalar;
    }
}
