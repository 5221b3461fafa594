package dev.twoliter.core.internal.project;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import dev.twoliter.api.Problem.Severity;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.project.TomlLayout.Form;
import dev.twoliter.core.internal.project.TomlLayout.Value;
import dev.twoliter.core.internal.toml.TomlDocument;
import dev.twoliter.core.internal.toml.TomlSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A TOML file that is edited as a careful person would: comments, order, layout, line breaks and the kind of quotes stay
 * as they are. Values are named by path, such as {@code kit[1].version}, however the file spells them: as tables, dotted
 * keys or inline tables. After each edit the file is parsed again, and an edit that changed anything but the value it
 * means is refused. Immutable, thread-safe: each edit returns a new editor.
 */
public final class TomlEditor {

    private final String file;
    private final byte[] original;
    private final String text;
    private final TomlLayout layout;
    private final Map<String, Object> leaves;

    private TomlEditor(String file, byte[] original, TomlDocument document) {
        this.file = file;
        this.original = original;
        this.text = document.text();
        this.layout = TomlLayout.of(document);
        this.leaves = layout.leaves();
    }

    /**
     * Begins with the bytes of a file.
     *
     * @param file the file's name in messages
     * @param bytes its content
     * @return an editor that has changed nothing yet
     * @throws InvalidProjectException if it is no TOML
     */
    public static TomlEditor of(String file, byte[] bytes) {
        try {
            return new TomlEditor(file, bytes.clone(), TomlDocument.parse(bytes));
        } catch (TomlSyntaxException e) {
            throw new InvalidProjectException(List.of(new Problem(
                    Severity.ERROR,
                    file,
                    e.position().line(),
                    e.position().column(),
                    "",
                    "this is not TOML: " + e.getMessage(),
                    e.hint())));
        }
    }

    /**
     * Begins with a file.
     *
     * @param path the file
     * @param file its name in messages
     * @return an editor that has changed nothing yet
     * @throws InvalidProjectException if it is no TOML
     * @throws StorageException if it cannot be read
     */
    public static TomlEditor read(Path path, String file) {
        try (InputStream in = Files.newInputStream(path)) {
            return of(file, in.readNBytes(TomlDocument.MAX_BYTES + 1));
        } catch (IOException e) {
            throw StorageException.of("read", path, e);
        }
    }

    /** {@return the file as it was} */
    public byte[] original() {
        return original.clone();
    }

    /** {@return the file as it is now} */
    public byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@return whether anything has been changed} */
    public boolean changed() {
        return !new String(original, StandardCharsets.UTF_8).equals(text);
    }

    /** {@return the strings of an array, up to the first element that is none} */
    List<String> strings(String path) {
        List<String> strings = new ArrayList<>();
        while (leaves.get(path + "[" + strings.size() + "]") instanceof String element) {
            strings.add(element);
        }
        return strings;
    }

    /**
     * Gives a string another value.
     *
     * @param path where it is
     * @param old what it must be now
     * @param value what it becomes
     * @return the edited file
     * @throws InvalidProjectException if the file holds another value there, or none
     */
    public TomlEditor replace(String path, String old, String value) {
        Object now = leaves.get(path);
        if (!old.equals(now)) {
            throw refusal(
                    path,
                    now == null ? "there is no '" + old + "' here any more" : "this is no longer '" + old + "'",
                    "the file has changed since it was read: run it again");
        }
        Value at = layout.value(path)
                .filter(found -> found.form().isString())
                .orElseThrow(() -> byHand(path, path + " = " + TomlText.string(value)));
        Map<String, Object> expected = new LinkedHashMap<>(leaves);
        expected.put(path, value);
        return edited(
                path,
                path + " = " + TomlText.string(value),
                expected,
                new Edit(at.start(), at.end(), quoted(at, value)));
    }

    /** Writes a value in the quotes that the old one has; where a literal string cannot hold it, as a basic string. */
    private String quoted(Value at, String value) {
        String basic = TomlText.string(value);
        String quote = at.form().quote;
        String old = text.substring(at.start(), at.end());
        String lineBreak = quote.length() == 3 && old.startsWith("\r\n", 3)
                ? "\r\n"
                : quote.length() == 3 && old.startsWith("\n", 3) ? "\n" : "";
        return switch (at.form()) {
            case LITERAL, MULTILINE_LITERAL ->
                value.indexOf('\'') < 0
                                && basic.equals(
                                        '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                        ? quote + lineBreak + value + quote
                        : basic;
            default -> quote + lineBreak + basic.substring(1, basic.length() - 1) + quote;
        };
    }

    /**
     * Adds a string to an array of strings, laid out like its neighbours.
     *
     * @param path the array
     * @param index the index it gets: at least 1 unless the array is empty, at most the array's length
     * @param value the string
     * @return the edited file
     * @throws InvalidProjectException if there is no such array
     */
    TomlEditor insert(String path, int index, String value) {
        String line = "\"" + value + "\" in the array " + path;
        Value array =
                layout.value(path).filter(found -> found.form() == Form.ARRAY).orElseThrow(() -> byHand(path, line));
        List<Object> strings = new ArrayList<>();
        for (String element : array.parts()) {
            strings.add(Objects.requireNonNullElse(leaves.get(element), element));
        }
        strings.add(index, value);
        Map<String, Object> expected = new LinkedHashMap<>(leaves);
        for (int i = 0; i < strings.size(); i++) {
            expected.put(path + "[" + i + "]", strings.get(i));
        }
        List<Edit> edits = index == 0
                ? List.of(firstElement(array, TomlText.string(value)))
                : nextElement(array, array.parts().get(index - 1), TomlText.string(value));
        return edited(path, line, expected, edits.toArray(Edit[]::new));
    }

    private Edit firstElement(Value array, String element) {
        int close = array.end() - 1;
        int lineOfClose = layout.lineStart(close);
        if (lineOfClose <= array.start()) {
            return new Edit(array.start() + 1, close, element);
        }
        String indent = indent(lineOfClose) + "    ";
        return new Edit(lineOfClose, lineOfClose, indent + element + "," + lineBreak());
    }

    /** Comes after an element: on a line of its own when the array has several lines and nothing else is on that line. */
    private List<Edit> nextElement(Value array, String after, String element) {
        Value previous = layout.value(after).orElseThrow();
        int comma = layout.commaAfter(previous).orElse(-1);
        int anchor = comma < 0 ? previous.end() : comma;
        int next = layout.blankEnd(anchor);
        boolean severalLines = layout.lineStart(array.end()) > array.start();
        boolean endsLine = layout.lineEnd(anchor) <= next;
        boolean last = next == array.end() - 1;
        String addition = element + (comma < 0 ? "" : ",");
        List<Edit> edits = new ArrayList<>();
        if (comma < 0) {
            edits.add(new Edit(anchor, anchor, ","));
        }
        if (severalLines && (endsLine || last)) {
            int line = layout.lineStart(previous.start());
            String indent =
                    line > array.start() ? indent(line) : " ".repeat(text.codePointCount(line, previous.start()));
            int place = endsLine ? layout.lineEnd(anchor) : anchor;
            edits.add(new Edit(place, place, lineBreak() + indent + addition));
        } else {
            edits.add(new Edit(anchor, anchor, " " + addition));
        }
        return edits;
    }

    /**
     * Adds an entry to a table, after its last one; a table that is missing is added at the end of the file.
     *
     * @param table the table's path, of bare keys
     * @param key the new key, not quoted
     * @param toml its value, written as TOML
     * @return the edited file
     * @throws InvalidProjectException if the key is there already, or the table is written so that none can be added
     */
    TomlEditor put(String table, String key, String toml) {
        String path = table + "." + TomlText.key(key);
        String entry = TomlText.key(key) + " = " + toml;
        String line = entry + " in [" + table + "]";
        Map<String, Object> expected = new LinkedHashMap<>(leaves);
        of(file, entry.getBytes(StandardCharsets.UTF_8))
                .leaves
                .forEach((below, value) -> expected.put(table + "." + below, value));
        Value inline = layout.value(table).orElse(null);
        if (inline != null && inline.form() == Form.INLINE_TABLE) {
            List<String> parts = inline.parts();
            return edited(
                    path,
                    line,
                    expected,
                    parts.isEmpty()
                            ? new Edit(inline.start() + 1, inline.end() - 1, " " + entry + " ")
                            : Edit.at(
                                    layout.value(parts.get(parts.size() - 1))
                                            .orElseThrow()
                                            .end(),
                                    ", " + entry));
        }
        int last = layout.lastLine(table).orElse(-1);
        if (last >= 0) {
            return edited(path, line, expected, Edit.at(last, lineBreak() + indent(layout.lineStart(last)) + entry));
        }
        String gap = text.isBlank()
                ? ""
                : text.endsWith("\n") ? lineBreak() : lineBreak().repeat(2);
        String block = gap + "[" + table + "]" + lineBreak() + entry + lineBreak();
        return edited(path, line, expected, Edit.at(text.length(), block));
    }

    private record Edit(int start, int end, String replacement) {
        static Edit at(int place, String addition) {
            return new Edit(place, place, addition);
        }
    }

    /** Makes the edits, which are in the order of the file, and looks at what they have changed. */
    private TomlEditor edited(String path, String line, Map<String, Object> expected, Edit... edits) {
        StringBuilder out = new StringBuilder();
        int copied = 0;
        for (Edit edit : edits) {
            out.append(text, copied, edit.start()).append(edit.replacement());
            copied = edit.end();
        }
        String result = out.append(text, copied, text.length()).toString();
        try {
            TomlEditor edited =
                    new TomlEditor(file, original, TomlDocument.parse(result.getBytes(StandardCharsets.UTF_8)));
            if (edited.leaves.equals(expected)) {
                return edited;
            }
        } catch (TomlSyntaxException e) {
            throw byHand(path, line);
        }
        throw byHand(path, line);
    }

    private String indent(int lineStart) {
        int end = lineStart;
        while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
            end++;
        }
        return text.substring(lineStart, end);
    }

    private String lineBreak() {
        int first = text.indexOf('\n');
        return first > 0 && text.charAt(first - 1) == '\r' ? "\r\n" : "\n";
    }

    private InvalidProjectException byHand(String path, String line) {
        return refusal(path, "this is written so that it cannot be edited safely", "put this there by hand: " + line);
    }

    private InvalidProjectException refusal(String path, String message, String hint) {
        return new InvalidProjectException(List.of(new Problem(Severity.ERROR, file, 0, 0, path, message, hint)));
    }
}
