package dev.twoliter.core.internal.toml;

/** The four kinds of string: basic and literal, on one line and on several. */
final class TomlStrings {

    private final TomlCursor text;
    private final StringBuilder out = new StringBuilder();

    TomlStrings(TomlCursor text) {
        this.text = text;
    }

    /** Reads the string that begins here. */
    String read() throws TomlSyntaxException {
        int start = text.offset();
        char quote = text.peek();
        text.advance();
        if (text.peek() != quote || text.peek(1) != quote) {
            oneLine(start, quote);
        } else {
            text.advance();
            text.advance();
            severalLines(start, quote);
        }
        return out.toString();
    }

    private void oneLine(int start, char quote) throws TomlSyntaxException {
        while (!text.take(quote)) {
            if (text.atEnd() || text.atLineBreak()) {
                throw text.error(start, "this string has no end on its line", "close it with " + quote);
            }
            character(quote == '"');
        }
    }

    private void severalLines(int start, char quote) throws TomlSyntaxException {
        // A line break right after the opening quotes does not count.
        text.lineBreak();
        while (true) {
            if (text.atEnd()) {
                throw text.error(
                        start,
                        "this string has no end",
                        "close it with " + String.valueOf(quote).repeat(3));
            }
            if (text.peek() == quote && text.peek(1) == quote && text.peek(2) == quote) {
                text.advance();
                text.advance();
                text.advance();
                // Up to two quotes may stand before the closing ones.
                for (int i = 0; i < 2 && text.take(quote); i++) {
                    out.append(quote);
                }
                return;
            }
            if (text.lineBreak()) {
                // So that a checkout with CRLF says the same.
                out.append('\n');
            } else if (quote == '"' && text.peek() == '\\' && foldsLines()) {
                text.advance();
                while (text.peek() == ' ' || text.peek() == '\t' || text.atLineBreak()) {
                    if (!text.lineBreak()) {
                        text.advance();
                    }
                }
            } else {
                character(quote == '"');
            }
        }
    }

    /** {@return whether only blanks follow the backslash on its line} */
    private boolean foldsLines() {
        int ahead = 1;
        while (text.peek(ahead) == ' ' || text.peek(ahead) == '\t') {
            ahead++;
        }
        return text.peek(ahead) == '\n' || (text.peek(ahead) == '\r' && text.peek(ahead + 1) == '\n');
    }

    private void character(boolean escapes) throws TomlSyntaxException {
        char c = text.peek();
        if (TomlCursor.isControl(c)) {
            throw text.control();
        }
        if (escapes && c == '\\') {
            escape();
        } else {
            out.append(c);
            text.advance();
        }
    }

    private void escape() throws TomlSyntaxException {
        int start = text.offset();
        text.advance();
        char c = text.peek();
        text.advance();
        switch (c) {
            case 'b' -> out.append('\b');
            case 't' -> out.append('\t');
            case 'n' -> out.append('\n');
            case 'f' -> out.append('\f');
            case 'r' -> out.append('\r');
            case '"' -> out.append('"');
            case '\\' -> out.append('\\');
            case 'u' -> unicode(start, 4);
            case 'U' -> unicode(start, 8);
            default ->
                throw text.error(
                        start,
                        "a backslash begins an escape, and this is none that TOML has",
                        "write \\\\, or put the text in single quotes");
        }
    }

    private void unicode(int start, int digits) throws TomlSyntaxException {
        int code = 0;
        for (int i = 0; i < digits; i++) {
            int digit = text.atEnd() || text.peek() > 0x7F ? -1 : Character.digit(text.peek(), 16);
            // Eight digits may overflow into a negative number, which is refused below.
            if (digit < 0) {
                throw text.error(start, "there must be " + digits + " hexadecimal digits here", "");
            }
            code = code << 4 | digit;
            text.advance();
        }
        if (!Character.isValidCodePoint(code) || (code >= 0xD800 && code <= 0xDFFF)) {
            throw text.error(start, "this is the code of no Unicode character", "");
        }
        out.appendCodePoint(code);
    }
}
