package dev.twoliter.core.internal.toml;

import dev.twoliter.core.internal.toml.TomlDocument.Position;
import java.util.Locale;

/** A place in a text that moves on over the grammar's smallest parts. Not thread-safe. */
final class TomlCursor {

    /** What {@link #peek} says at the end; no text holds it. */
    static final char END = '\uFFFF';

    private final String text;
    private int offset;

    TomlCursor(String text) {
        this.text = text;
        this.offset = text.startsWith("\uFEFF") ? 1 : 0;
    }

    int offset() {
        return offset;
    }

    boolean atEnd() {
        return offset >= text.length();
    }

    char peek() {
        return peek(0);
    }

    char peek(int ahead) {
        return offset + ahead < text.length() ? text.charAt(offset + ahead) : END;
    }

    void advance() {
        offset++;
    }

    boolean take(char c) {
        if (atEnd() || text.charAt(offset) != c) {
            return false;
        }
        offset++;
        return true;
    }

    void require(char c, String words) throws TomlSyntaxException {
        if (!take(c)) {
            throw unexpected(words);
        }
    }

    void requireEquals() throws TomlSyntaxException {
        if (peek() == ':') {
            throw error(offset, "there must be '=' after the key, not ':'", "write key = value");
        }
        require('=', "'=' after the key");
        skipBlanks();
    }

    // blanks, comments and line ends

    void skipBlanks() {
        while (peek() == ' ' || peek() == '\t') {
            offset++;
        }
    }

    void skipBlanksAndLines() throws TomlSyntaxException {
        while (true) {
            skipBlanks();
            comment();
            if (!lineBreak()) {
                return;
            }
        }
    }

    /** {@return whether nothing but a comment can follow on this line} */
    boolean atLineEnd() {
        char c = peek();
        return atEnd() || c == '#' || c == '\n' || (c == '\r' && peek(1) == '\n');
    }

    /** Takes what may follow an expression: blanks, a comment, and the end of the line or of the text. */
    void endOfLine() throws TomlSyntaxException {
        skipBlanks();
        comment();
        if (!lineBreak() && !atEnd()) {
            throw unexpected("the end of the line");
        }
    }

    private void comment() throws TomlSyntaxException {
        if (peek() == '#') {
            while (!atEnd() && !atLineBreak()) {
                if (isControl(peek())) {
                    throw control();
                }
                offset++;
            }
        }
    }

    boolean atLineBreak() {
        return peek() == '\n' || (peek() == '\r' && peek(1) == '\n');
    }

    boolean lineBreak() {
        if (!atLineBreak()) {
            return false;
        }
        offset += peek() == '\r' ? 2 : 1;
        return true;
    }

    static boolean isControl(char c) {
        return (c < ' ' && c != '\t') || c == 0x7F;
    }

    // keys and values

    String key() throws TomlSyntaxException {
        char c = peek();
        if (c == '"' || c == '\'') {
            if (peek(1) == c && peek(2) == c) {
                throw error(offset, "a key cannot be a text of several lines", "");
            }
            return new TomlStrings(this).read();
        }
        int start = offset;
        while (isBare(peek())) {
            offset++;
        }
        if (Character.isLetter(peek())) {
            throw error(start, "a key with other characters than A-Z, a-z, 0-9, '_' and '-' must be in quotes", "");
        }
        if (offset == start) {
            throw unexpected("a key");
        }
        return text.substring(start, offset);
    }

    private static boolean isBare(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    /** {@return a {@link String}, {@link Long}, {@link Double}, {@link Boolean} or {@link TomlScalar.DateTime}} */
    Object scalar() throws TomlSyntaxException {
        char c = peek();
        if (c == '"' || c == '\'') {
            return new TomlStrings(this).read();
        }
        int start = offset;
        while (isWord(peek())) {
            offset++;
        }
        if (TomlNumbers.isDate(text, start, offset) && peek() == ' ' && isDigit(peek(1))) {
            // A blank may stand for the T between date and time.
            offset++;
            while (isWord(peek())) {
                offset++;
            }
        }
        if (offset == start) {
            throw unexpected("a value");
        }
        String word = text.substring(start, offset);
        Object value = TomlNumbers.value(word);
        if (value == null) {
            throw error(start, "'" + brief(word) + "' is not a value", "put text in quotes");
        }
        return value;
    }

    private static boolean isWord(char c) {
        return isBare(c) || c == '+' || c == '.' || c == ':';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String brief(String word) {
        return word.length() <= 40 ? word : word.substring(0, 40) + "...";
    }

    // errors

    TomlSyntaxException unexpected(String expected) {
        char c = peek();
        if (isControl(c) && !atLineBreak()) {
            return control();
        }
        String found =
                atEnd() ? "the end of the file" : atLineBreak() ? "the end of the line" : "'" + character() + "'";
        boolean curly = c >= '\u2018' && c <= '\u201F';
        return error(offset, "expected " + expected + ", found " + found, curly ? "write straight quotes" : "");
    }

    TomlSyntaxException control() {
        return error(
                offset,
                String.format(Locale.ROOT, "the control character U+%04X is not allowed here", (int) peek()),
                "");
    }

    private String character() {
        return Character.toString(text.codePointAt(offset));
    }

    TomlSyntaxException error(int at, String message, String hint) {
        return new TomlSyntaxException(message, hint, position(at));
    }

    Position position(int at) {
        return TomlDocument.position(text, at);
    }
}
