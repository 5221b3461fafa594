package dev.twoliter.core.internal.project;

import dev.twoliter.api.Problem;
import dev.twoliter.api.Problem.Severity;
import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseOptions;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;

/**
 * A table of a TOML file. What is asked for and has another type becomes a problem with line and column, and counts as
 * absent. Not thread-safe.
 */
final class TomlView {

    /** Measured: 1 MiB of small array elements costs the parser more than 256 MiB of heap, half of it does not. */
    static final int MAX_BYTES = 512 << 10;

    private static final TomlParseOptions OPTIONS =
            TomlParseOptions.sourceless().withVersion(TomlVersion.V1_0_0).withMaxNestingDepth(32);

    private final String file;
    private final TomlTable table;
    private final String path;
    private final @Nullable TomlPosition position;
    private final Problems problems;

    private TomlView(String file, TomlTable table, String path, @Nullable TomlPosition position, Problems problems) {
        this.file = file;
        this.table = table;
        this.path = path;
        this.position = position;
        this.problems = problems;
    }

    /**
     * Reads a file.
     *
     * @param path the file
     * @param label its name in messages
     * @param problems receives a syntax error
     * @return its root table; empty when it is no TOML, which is then among the problems
     * @throws StorageException if it cannot be read
     */
    static Optional<TomlView> read(Path path, String label, Problems problems) {
        byte[] bytes;
        try {
            if (!Files.isRegularFile(path)) {
                problems.error(label, "this is not a regular file", "");
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(path)) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
        } catch (IOException e) {
            throw StorageException.of("read", path, e);
        }
        return parse(bytes, label, problems);
    }

    static Optional<TomlView> parse(byte[] bytes, String label, Problems problems) {
        if (bytes.length > MAX_BYTES) {
            problems.error(label, "the file is larger than 512 KiB", "");
            return Optional.empty();
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            problems.error(label, "the file is not UTF-8", "save it as UTF-8");
            return Optional.empty();
        }
        // A byte order mark, as some editors on Windows write it.
        TomlParseResult result = Toml.parse(text.startsWith("\uFEFF") ? text.substring(1) : text, OPTIONS);
        if (result.hasErrors()) {
            // Only the first: a parser that has lost its way reports the rest of the file.
            TomlParseError e = result.errors().get(0);
            problems.add(new Problem(
                    Severity.ERROR,
                    label,
                    e.position().line(),
                    e.position().column(),
                    "",
                    "this is not TOML: " + e.getMessage(),
                    ""));
            return Optional.empty();
        }
        return Optional.of(new TomlView(label, result, "", null, problems));
    }

    /** {@return the file's name in messages} */
    String file() {
        return file;
    }

    /** {@return the keys, in file order} */
    Collection<String> keys() {
        return table.keySet();
    }

    /** {@return everything in it that is neither table nor array, by path, such as {@code kit[1].version}} */
    Map<String, Object> leaves() {
        Map<String, Object> leaves = new LinkedHashMap<>();
        addLeaves("", table, leaves);
        return leaves;
    }

    private static void addLeaves(String path, Object value, Map<String, Object> leaves) {
        if (value instanceof TomlTable children) {
            for (String key : children.keySet()) {
                Object child = Objects.requireNonNull(children.get(List.of(key)));
                addLeaves((path.isEmpty() ? "" : path + ".") + TomlText.key(key), child, leaves);
            }
        } else if (value instanceof TomlArray elements) {
            for (int i = 0; i < elements.size(); i++) {
                addLeaves(path + "[" + i + "]", elements.get(i), leaves);
            }
        } else {
            leaves.put(path, value);
        }
    }

    boolean has(String key) {
        return value(key) != null;
    }

    boolean isTable(String key) {
        return value(key) instanceof TomlTable;
    }

    private @Nullable Object value(String key) {
        return table.get(List.of(key));
    }

    Optional<String> string(String key) {
        return typed(key, String.class, "a string");
    }

    Optional<Boolean> bool(String key) {
        return typed(key, Boolean.class, "true or false");
    }

    /** {@return an integer; one outside the bounds is a problem} */
    OptionalLong integer(String key, long least, long most) {
        Optional<Long> number = typed(key, Long.class, "an integer");
        if (number.isPresent() && (number.get() < least || number.get() > most)) {
            error(key, number.get() + " is not between " + least + " and " + most, "");
            return OptionalLong.empty();
        }
        return number.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /** {@return a string that must be there; a missing one is a problem} */
    Optional<String> required(String key) {
        if (!has(key)) {
            error(key, "the key '" + key + "' is missing", "");
        }
        return string(key);
    }

    /** {@return an array of strings; an empty list when it is absent} */
    List<String> strings(String key) {
        List<String> values = new ArrayList<>();
        typed(key, TomlArray.class, "an array of strings").ifPresent(array -> {
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i) instanceof String text) {
                    values.add(text);
                } else {
                    mistyped(key + "[" + i + "]", array.inputPositionOf(i), "a string");
                }
            }
        });
        return values;
    }

    Optional<TomlView> table(String key) {
        return typed(key, TomlTable.class, "a table")
                .map(child -> new TomlView(file, child, join(key), positionOf(key), problems));
    }

    /** {@return an array of tables; an empty list when it is absent} */
    List<TomlView> tables(String key) {
        List<TomlView> values = new ArrayList<>();
        typed(key, TomlArray.class, "an array of tables").ifPresent(array -> {
            for (int i = 0; i < array.size(); i++) {
                String name = key + "[" + i + "]";
                if (array.get(i) instanceof TomlTable child) {
                    values.add(new TomlView(file, child, join(name), array.inputPositionOf(i), problems));
                } else {
                    mistyped(name, array.inputPositionOf(i), "a table");
                }
            }
        });
        return values;
    }

    private <T> Optional<T> typed(String key, Class<T> type, String words) {
        Object value = value(key);
        if (value != null && !type.isInstance(value)) {
            mistyped(key, positionOf(key), words);
            return Optional.empty();
        }
        return Optional.ofNullable(type.cast(value));
    }

    private void mistyped(String key, @Nullable TomlPosition at, String words) {
        problems.add(problem(Severity.ERROR, at, join(key), "this must be " + words, ""));
    }

    /** Reports keys that are not among the known ones. */
    void onlyKeys(Severity severity, Collection<String> known) {
        for (String key : keys()) {
            if (!known.contains(key)) {
                String what = severity == Severity.ERROR
                        ? "there is no key '" + key + "' here"
                        : "the key '" + key + "' means nothing here and is ignored";
                problems.add(problem(severity, positionOf(key), join(key), what, Nearest.hint(key, known)));
            }
        }
    }

    void error(String key, String message, String hint) {
        problems.add(problem(Severity.ERROR, find(key), join(key), message, hint));
    }

    void warning(String key, String message, String hint) {
        problems.add(problem(Severity.WARNING, find(key), join(key), message, hint));
    }

    /** Adds a problem that a builder reported, at the place of its key in this file. */
    void report(Problem p) {
        problems.add(problem(p.severity(), find(p.keyPath()), join(p.keyPath()), p.message(), p.hint()));
    }

    private Problem problem(Severity severity, @Nullable TomlPosition at, String key, String message, String hint) {
        return new Problem(
                severity, file, at == null ? 0 : at.line(), at == null ? 0 : at.column(), key, message, hint);
    }

    private String join(String key) {
        return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
    }

    private @Nullable TomlPosition positionOf(String key) {
        return table.inputPositionOf(List.of(key));
    }

    /** {@return for sorting by place in the file: the line of a key; 0 when unknown} */
    int lineOf(String key) {
        TomlPosition at = positionOf(key);
        return at == null ? 0 : at.line();
    }

    /** Finds the place of a dotted key, or of the innermost table that exists. */
    private @Nullable TomlPosition find(String dotted) {
        TomlPosition best = position;
        TomlTable here = table;
        String rest = dotted;
        while (!rest.isEmpty()) {
            // Keys may hold dots, so the longest one that exists counts.
            int end = rest.length();
            while (end > 0 && here.get(List.of(rest.substring(0, end))) == null) {
                end = Math.max(rest.lastIndexOf('.', end - 1), rest.lastIndexOf('[', end - 1));
            }
            if (end <= 0) {
                return best;
            }
            String key = rest.substring(0, end);
            Object value = here.get(List.of(key));
            best = here.inputPositionOf(List.of(key));
            rest = rest.substring(end);
            if (rest.matches("(?s)\\[\\d{1,8}\\].*") && value instanceof TomlArray array) {
                int close = rest.indexOf(']');
                int index = Integer.parseInt(rest.substring(1, close));
                if (index >= array.size()) {
                    return best;
                }
                best = array.inputPositionOf(index);
                value = array.get(index);
                rest = rest.substring(close + 1);
            }
            if (!(value instanceof TomlTable next)) {
                return best;
            }
            here = next;
            rest = rest.startsWith(".") ? rest.substring(1) : rest;
        }
        return best;
    }
}
