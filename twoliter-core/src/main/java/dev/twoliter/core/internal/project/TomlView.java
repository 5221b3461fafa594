package dev.twoliter.core.internal.project;

import dev.twoliter.api.Problem;
import dev.twoliter.api.Problem.Severity;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.Subject;
import dev.twoliter.core.internal.toml.TomlArray;
import dev.twoliter.core.internal.toml.TomlDocument;
import dev.twoliter.core.internal.toml.TomlDocument.Position;
import dev.twoliter.core.internal.toml.TomlScalar;
import dev.twoliter.core.internal.toml.TomlSyntaxException;
import dev.twoliter.core.internal.toml.TomlTable;
import dev.twoliter.core.internal.toml.TomlTable.Entry;
import dev.twoliter.core.internal.toml.TomlValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A table of a TOML file. What is asked for and has another type becomes one problem with line and column, and counts as
 * absent; {@link #has} still tells that something is there. Not thread-safe.
 */
final class TomlView {

    /** What all tables of a file share. */
    private record Source(String file, Subject subject, TomlDocument document, Problems problems) {}

    /**
     * What became of a file.
     *
     * @param exists whether there is a file of the name
     * @param root its root table; null when there is none, or no TOML in it, which is then among the problems
     */
    record Loaded(boolean exists, @Nullable TomlView root) {

        Optional<TomlView> view() {
            return Optional.ofNullable(root);
        }
    }

    private final Source source;
    private final TomlTable table;
    private final String path;
    /** Where the table is named; negative for the root. */
    private final int offset;

    private TomlView(Source source, TomlTable table, String path, int offset) {
        this.source = source;
        this.table = table;
        this.path = path;
        this.offset = offset;
    }

    /**
     * Reads a file.
     *
     * @param path the file
     * @param label its name in messages
     * @param subject what its problems are about
     * @param problems receives a syntax error, and whatever is found later
     * @throws StorageException if it cannot be read
     */
    static Loaded read(Path path, String label, Subject subject, Problems problems) {
        return read(path, label, subject, problems, Severity.ERROR);
    }

    static Loaded read(Path path, String label, Subject subject, Problems problems, Severity severity) {
        Consumer<Problem> report = p ->
                problems.add(new Problem(severity, subject, label, p.line(), p.column(), "", p.message(), p.hint()));
        byte[] bytes;
        try {
            // Asked first, because opening a pipe would wait for a writer.
            if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
                report.accept(Problem.error("", "this is not a regular file"));
                return new Loaded(true, null);
            }
            try (InputStream in = Files.newInputStream(path)) {
                bytes = in.readNBytes(TomlDocument.MAX_BYTES + 1);
            }
        } catch (NoSuchFileException e) {
            return new Loaded(false, null);
        } catch (IOException e) {
            throw StorageException.of("read", path, e);
        }
        try {
            TomlDocument document = TomlDocument.parse(bytes);
            return new Loaded(
                    true, new TomlView(new Source(label, subject, document, problems), document.root(), "", -1));
        } catch (TomlSyntaxException e) {
            Position at = e.position();
            report.accept(new Problem(
                    severity, label, at.line(), at.column(), "", "this is not TOML: " + e.getMessage(), e.hint()));
            return new Loaded(true, null);
        }
    }

    /** {@return the document that the table is part of, for those that edit it} */
    TomlDocument document() {
        return source.document();
    }

    /** {@return the table, with the places of its keys and values} */
    TomlTable raw() {
        return table;
    }

    /** {@return the keys, in file order} */
    Collection<String> keys() {
        return table.keys();
    }

    /** {@return whether the key is there, with a value of any type} */
    boolean has(String key) {
        return table.get(key) != null;
    }

    boolean isTable(String key) {
        return value(key) instanceof TomlTable;
    }

    boolean isString(String key) {
        return value(key) instanceof TomlScalar scalar && scalar.value() instanceof String;
    }

    private @Nullable TomlValue value(String key) {
        Entry entry = table.get(key);
        return entry == null ? null : entry.value();
    }

    Optional<String> string(String key) {
        return scalar(key, String.class, "a string");
    }

    /** {@return the string; one default when it is absent, another when it is no string, which is then a problem} */
    String string(String key, String absent, String mistyped) {
        return has(key) ? string(key).orElse(mistyped) : absent;
    }

    Optional<Boolean> bool(String key) {
        return scalar(key, Boolean.class, "true or false");
    }

    /** {@return an integer; one outside the bounds is a problem} */
    OptionalLong integer(String key, long least, long most) {
        Optional<Long> number = scalar(key, Long.class, "an integer");
        if (number.isPresent() && (number.get() < least || number.get() > most)) {
            error(key, number.get() + " is not between " + least + " and " + most, "");
            return OptionalLong.empty();
        }
        return number.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /** {@return a string that must be there; a missing one is a problem} */
    Optional<String> required(String key) {
        if (!has(key)) {
            missing(key);
        }
        return string(key);
    }

    /** {@return an integer that must be there; a missing one, or one outside the bounds, is a problem} */
    OptionalLong requiredInteger(String key, long least, long most) {
        if (!has(key)) {
            missing(key);
        }
        return integer(key, least, most);
    }

    /** Reports a key that must be there. */
    private void missing(String key) {
        error(key, "the key '" + key + "' is missing", "");
    }

    /** {@return an array of strings; an empty list when it is absent, or when an element is a problem} */
    List<String> strings(String key) {
        return elements(
                key,
                "an array of strings",
                "a string",
                (value, name) ->
                        value instanceof TomlScalar scalar && scalar.value() instanceof String text ? text : null);
    }

    /** {@return an array of tables; an empty list when it is absent, or when an element is a problem} */
    List<TomlView> tables(String key) {
        return elements(
                key,
                "an array of tables",
                "a table",
                (value, name) -> value instanceof TomlTable child
                        ? new TomlView(source, child, join(name), child.start())
                        : null);
    }

    private interface Element<T> {
        @Nullable
        T of(TomlValue value, String name);
    }

    private <T> List<T> elements(String key, String arrayWords, String words, Element<T> maker) {
        TomlValue value = value(key);
        List<T> found = new ArrayList<>();
        if (value == null) {
            return found;
        }
        if (!(value instanceof TomlArray array)) {
            mistyped(key, arrayWords);
            return found;
        }
        for (int i = 0; i < array.values().size(); i++) {
            String name = key + "[" + i + "]";
            T element = maker.of(array.values().get(i), name);
            if (element == null) {
                mistyped(name, words);
            } else {
                found.add(element);
            }
        }
        // With one missing, the places of the others would be wrong.
        return found.size() == array.values().size() ? found : List.of();
    }

    Optional<TomlView> table(String key) {
        Entry entry = table.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (!(entry.value() instanceof TomlTable child)) {
            mistyped(key, "a table");
            return Optional.empty();
        }
        return Optional.of(new TomlView(source, child, join(key), entry.keyStart()));
    }

    private <T> Optional<T> scalar(String key, Class<T> type, String words) {
        TomlValue value = value(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof TomlScalar scalar && type.isInstance(scalar.value())) {
            return Optional.of(type.cast(scalar.value()));
        }
        mistyped(key, words);
        return Optional.empty();
    }

    void mistyped(String key, String words) {
        error(key, "this must be " + words, "");
    }

    /** Reports keys that are not among the known ones. */
    void onlyKeys(Severity severity, Collection<String> known) {
        for (String key : keys()) {
            if (!known.contains(key) && !problems().full()) {
                String what = severity == Severity.ERROR
                        ? "there is no key '" + key + "' here"
                        : "the key '" + key + "' means nothing here and is ignored";
                add(severity, key, what, Nearest.hint(key, known));
            }
        }
    }

    void error(String key, String message, String hint) {
        add(Severity.ERROR, key, message, hint);
    }

    void warning(String key, String message, String hint) {
        add(Severity.WARNING, key, message, hint);
    }

    /** Adds a problem that a builder reported, at the place of its key in this file. */
    void report(Problem p) {
        add(p.severity(), p.keyPath(), p.message(), p.hint());
    }

    private void add(Severity severity, String key, String message, String hint) {
        // Finding the place takes time.
        if (!problems().full()) {
            problems().add(problem(severity, key, message, hint));
        }
    }

    /** {@return a problem at the place of a key in this file} */
    Problem problem(Severity severity, String key, String message, String hint) {
        int found = find(key);
        Position at = found < 0 ? new Position(0, 0) : source.document().position(found);
        return new Problem(severity, source.subject(), source.file(), at.line(), at.column(), join(key), message, hint);
    }

    private Problems problems() {
        return source.problems();
    }

    private String join(String key) {
        return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
    }

    /** {@return for sorting by place in the file: where a key begins} */
    int offsetOf(String key) {
        Entry entry = table.get(key);
        return entry == null ? -1 : entry.keyStart();
    }

    /** Finds the place of a dotted path, or of the innermost part of it that exists. */
    private int find(String dotted) {
        int best = offset;
        TomlValue here = table;
        String rest = dotted;
        while (!rest.isEmpty()) {
            if (here instanceof TomlTable in) {
                // Keys may hold dots and brackets, so the longest one that exists counts.
                int end = rest.length();
                while (end > 0 && in.get(rest.substring(0, end)) == null) {
                    end = Math.max(rest.lastIndexOf('.', end - 1), rest.lastIndexOf('[', end - 1));
                }
                Entry entry = end <= 0 ? null : in.get(rest.substring(0, end));
                if (entry == null) {
                    return best;
                }
                best = entry.keyStart();
                here = entry.value();
                rest = rest.substring(end);
            } else if (here instanceof TomlArray array && rest.startsWith("[")) {
                int close = rest.indexOf(']');
                int index = close < 2 || close > 9 ? -1 : index(rest.substring(1, close));
                if (index < 0 || index >= array.values().size()) {
                    return best;
                }
                here = array.values().get(index);
                best = here.start();
                rest = rest.substring(close + 1);
            } else {
                return best;
            }
            if (rest.startsWith(".")) {
                rest = rest.substring(1);
            }
        }
        return best;
    }

    private static int index(String digits) {
        return digits.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(digits) : -1;
    }
}
