package dev.twoliter.rpm.internal.repo;

/**
 * Writes XML text as libxml2 prints it: two spaces a level, one element a line, non-ASCII characters as they are in
 * text and as numbers in attributes. Characters that XML 1.0 forbids are dropped. Not thread-safe.
 */
final class Xml {
    private final StringBuilder out = new StringBuilder();
    private int depth;

    Xml(int depth) {
        this.depth = depth;
    }

    void open(String name, Object... attributes) {
        start(name, attributes);
        out.append(">\n");
        depth++;
    }

    void close(String name) {
        depth--;
        indent().append("</").append(name).append(">\n");
    }

    void empty(String name, Object... attributes) {
        start(name, attributes);
        out.append("/>\n");
    }

    void text(String name, String content) {
        textWith(name, content);
    }

    void textWith(String name, String content, Object... attributes) {
        start(name, attributes);
        out.append('>');
        content.codePoints().forEach(this::textCharacter);
        out.append("</").append(name).append(">\n");
    }

    private void start(String name, Object... attributes) {
        indent().append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            attributes[i + 1].toString().codePoints().forEach(this::attributeCharacter);
            out.append('"');
        }
    }

    private StringBuilder indent() {
        return out.append("  ".repeat(depth));
    }

    private void textCharacter(int c) {
        switch (c) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '\r' -> out.append("&#13;");
            default -> {
                if (isAllowed(c)) {
                    out.appendCodePoint(c);
                }
            }
        }
    }

    private void attributeCharacter(int c) {
        if (c == '"') {
            out.append("&quot;");
        } else if (c == '\t' || c == '\n' || c == '\r') {
            out.append("&#").append(c).append(';');
        } else if (c > 0x7E && isAllowed(c)) {
            out.append("&#x")
                    .append(Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT))
                    .append(';');
        } else {
            textCharacter(c);
        }
    }

    private static boolean isAllowed(int c) {
        return c == '\t' || c == '\n' || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c > 0xFFFF;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
