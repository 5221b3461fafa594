package dev.twoliter.core.internal.io;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes reports: two spaces of indentation, line feeds on every platform, one at the end. */
public final class Json {

    /** Reads and writes trees. */
    public static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /**
     * Writes a tree as bytes.
     *
     * @param node the tree
     * @return UTF-8
     */
    public static byte[] pretty(JsonNode node) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        Separators separators =
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators)
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
        try {
            return (MAPPER.writer(printer).writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JacksonException e) {
            throw new IllegalStateException("a tree of plain values can always be written", e);
        }
    }

    /**
     * Writes a tree into a file, as a whole.
     *
     * @param file the file
     * @param node the tree
     */
    public static void write(Path file, JsonNode node) {
        AtomicFiles.write(file, pretty(node));
    }
}
