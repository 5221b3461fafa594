package dev.twoliter.core.internal.toml;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A TOML file that has been read. Not changed after parsing, so it may be read by several threads.
 *
 * @param text the text, with its byte order mark if it has one
 * @param root the table of everything
 */
public record TomlDocument(String text, TomlTable root) {

    /** Files of projects have some kilobytes. */
    public static final int MAX_BYTES = 1 << 20;

    /**
     * A place in a text.
     *
     * @param line from 1
     * @param column from 1, in characters (code points)
     */
    public record Position(int line, int column) {}

    /**
     * Reads a file.
     *
     * @param bytes UTF-8, with or without a byte order mark, lines ending in LF or CRLF; at most {@link #MAX_BYTES}
     * @return what it says
     * @throws TomlSyntaxException if it is not TOML 1.0.0, not UTF-8, too large, or nested more than
     *     {@value TomlParser#MAX_DEPTH} levels deep
     */
    public static TomlDocument parse(byte[] bytes) throws TomlSyntaxException {
        if (bytes.length > MAX_BYTES) {
            throw new TomlSyntaxException("the file is larger than 1 MiB", "", new Position(0, 0));
        }
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        boolean bad = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes), chars, true)
                .isError();
        String text = chars.flip().toString();
        if (bad) {
            throw new TomlSyntaxException("the file is not UTF-8", "save it as UTF-8", position(text, text.length()));
        }
        return new TomlDocument(text, new TomlParser(text).parse());
    }

    /**
     * {@return line and column of an offset}
     *
     * @param offset an offset into {@link #text()}
     */
    public Position position(int offset) {
        return position(text, offset);
    }

    static Position position(String text, int offset) {
        int line = 1;
        int start = text.startsWith("\uFEFF") ? 1 : 0;
        for (int i = start; i < offset; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                start = i + 1;
            }
        }
        return new Position(line, 1 + text.codePointCount(Math.min(start, offset), offset));
    }
}
