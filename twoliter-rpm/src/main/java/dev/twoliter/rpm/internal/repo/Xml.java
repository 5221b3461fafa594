package dev.twoliter.rpm.internal.repo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Writes XML as libxml2 prints it, in UTF-8: two spaces a level, one element a line, non-ASCII characters as they are
 * in text and as numbers in attributes. Characters that XML 1.0 forbids are dropped. Not thread-safe.
 */
final class Xml {
    static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private byte[] buffer = new byte[1024];
    private int length;
    private int depth;

    Xml(int depth) {
        this.depth = depth;
    }

    /** Adds ASCII text as it is. */
    void raw(String text) {
        ascii(text);
    }

    void open(String name, Object... attributes) {
        start(name, attributes);
        ascii(">\n");
        depth++;
    }

    void close(String name) {
        depth--;
        indent();
        ascii("</");
        ascii(name);
        ascii(">\n");
    }

    void empty(String name, Object... attributes) {
        start(name, attributes);
        endEmpty();
    }

    /** Begins an element without content, whose attributes follow one by one. */
    void beginEmpty(String name) {
        start(name);
    }

    void endEmpty() {
        ascii("/>\n");
    }

    void text(String name, String content) {
        textWith(name, content);
    }

    void textWith(String name, String content, Object... attributes) {
        start(name, attributes);
        ascii(">");
        escape(content, false);
        ascii("</");
        ascii(name);
        ascii(">\n");
    }

    private void start(String name, Object... attributes) {
        indent();
        ascii("<");
        ascii(name);
        for (int i = 0; i < attributes.length; i += 2) {
            attribute(attributes[i].toString(), attributes[i + 1].toString());
        }
    }

    void attribute(String name, String value) {
        ascii(" ");
        ascii(name);
        ascii("=\"");
        escape(value, true);
        ascii("\"");
    }

    private void indent() {
        for (int i = 0; i < depth; i++) {
            ascii("  ");
        }
    }

    private void escape(String content, boolean attribute) {
        int n = content.length();
        reserve(n);
        for (int i = 0; i < n; i++) {
            char c = content.charAt(i);
            if (c >= ' ' && c < 0x7F && c != '&' && c != '<' && c != '>' && c != '"') {
                if (length == buffer.length) {
                    reserve(n - i);
                }
                buffer[length++] = (byte) c;
            } else {
                int point = content.codePointAt(i);
                i += Character.charCount(point) - 1;
                special(point, attribute);
            }
        }
    }

    private void special(int c, boolean attribute) {
        switch (c) {
            case '&' -> ascii("&amp;");
            case '<' -> ascii("&lt;");
            case '>' -> ascii("&gt;");
            case '"' -> ascii(attribute ? "&quot;" : "\"");
            case '\r' -> ascii("&#13;");
            case '\t', '\n' -> ascii(attribute ? "&#" + c + ";" : Character.toString(c));
            default -> {
                if (isAllowed(c)) {
                    if (attribute && c > 0x7E) {
                        ascii("&#x" + Integer.toHexString(c).toUpperCase(Locale.ROOT) + ";");
                    } else {
                        bytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        }
    }

    private static boolean isAllowed(int c) {
        return (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c > 0xFFFF;
    }

    @SuppressWarnings("deprecation") // the lower bytes are all there is of ASCII, and this copies them at once
    private void ascii(String text) {
        int n = text.length();
        reserve(n);
        text.getBytes(0, n, buffer, length);
        length += n;
    }

    private void bytes(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, buffer, length, more.length);
        length += more.length;
    }

    private void reserve(int more) {
        if (buffer.length - length < more) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(buffer, length);
    }
}
