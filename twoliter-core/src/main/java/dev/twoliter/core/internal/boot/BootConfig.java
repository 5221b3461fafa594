package dev.twoliter.core.internal.boot;

import dev.twoliter.api.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Settings of kernel and init that the kernel finds at the end of its initrd (Linux: admin-guide/bootconfig), applied
 * onto an empty one (variant-image.md 2.12).
 *
 * <pre>
 * text | zeros up to a multiple of 4 | length of both u32 | sum of the text's bytes u32 | "#BOOTCONFIG\n"
 * </pre>
 *
 * All numbers are little-endian. The kernel's own tool counts a NUL after the text; both forms are read.
 */
public final class BootConfig {
    /** What is written when nobody sets anything, so that there is a place to change. */
    public static final String EMPTY = "kernel {}\ninit {}\n";

    private static final String SUBJECT = "bootconfig";
    private static final byte[] MAGIC = "#BOOTCONFIG\n".getBytes(StandardCharsets.US_ASCII);
    private static final int TRAILER = 8 + MAGIC.length;
    /** The kernel's XBC_DATA_MAX. */
    private static final int MAX_TEXT = 32767;

    private static final int MAX_DEPTH = 16; // of the kernel

    private BootConfig() {}

    /**
     * Joins the snippets that packages bring, in the order of their names, where {@code 9} comes before {@code 10}.
     *
     * @param snippets text by file name
     * @return the text; {@link #EMPTY} if there is none
     * @throws FormatException if a snippet would make the kernel refuse all of them
     */
    public static String merge(Map<String, String> snippets) {
        Map<String, String> ordered = new TreeMap<>(VERSION_ORDER);
        snippets.forEach((name, text) -> {
            check(SUBJECT + " snippet " + name, text);
            ordered.put(name, text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
        });
        String merged = ordered.values().stream().collect(Collectors.joining());
        return merged.isBlank() ? EMPTY : merged;
    }

    /**
     * Writes the text as an initrd that holds nothing else.
     *
     * @param text ASCII
     * @return the file
     * @throws FormatException if the kernel would refuse the text
     */
    public static byte[] encode(String text) {
        check(SUBJECT, text);
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        int length = (bytes.length + 3) / 4 * 4;
        return ByteBuffer.allocate(length + TRAILER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(bytes)
                .position(length)
                .putInt(length)
                .putInt(sum(bytes))
                .put(MAGIC)
                .array();
    }

    /**
     * Reads the text from the end of an initrd.
     *
     * @param initrd all of it, or its end
     * @return the text
     * @throws FormatException if there is no bootconfig, or it is damaged
     */
    public static String decode(byte[] initrd) {
        int trailer = initrd.length - TRAILER;
        if (trailer < 0 || !Arrays.equals(initrd, trailer + 8, initrd.length, MAGIC, 0, MAGIC.length)) {
            throw new FormatException(SUBJECT, "does not end with #BOOTCONFIG");
        }
        ByteBuffer numbers = ByteBuffer.wrap(initrd, trailer, 8).order(ByteOrder.LITTLE_ENDIAN);
        int length = numbers.getInt();
        int sum = numbers.getInt();
        if (length < 0 || length > trailer || length > MAX_TEXT + 4) {
            throw new FormatException(SUBJECT, "says that it has " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] bytes = Arrays.copyOfRange(initrd, trailer - length, trailer);
        if (sum(bytes) != sum) {
            throw new FormatException(SUBJECT, "its checksum is wrong");
        }
        int end = length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        try {
            String text = StandardCharsets.US_ASCII
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, end))
                    .toString();
            check(SUBJECT, text);
            return text;
        } catch (CharacterCodingException e) {
            throw new FormatException(SUBJECT, "is not ASCII", "", e);
        }
    }

    /** Zeros add nothing, so padding and NUL may be counted. */
    private static int sum(byte[] bytes) {
        int sum = 0;
        for (byte b : bytes) {
            sum += b & 0xFF;
        }
        return sum;
    }

    /** What makes the kernel drop the whole text: size, characters, quotes and braces that do not match. */
    private static void check(String subject, String text) {
        if (text.length() > MAX_TEXT) {
            throw new FormatException(subject, "has more than the " + MAX_TEXT + " bytes that the kernel takes");
        }
        int depth = 0;
        char quote = 0;
        boolean comment = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > '~' || (c < ' ' && c != '\n' && c != '\t')) {
                throw new FormatException(subject, "has the character code " + (int) c + "; only ASCII is allowed");
            }
            if (comment) {
                comment = c != '\n';
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '#') {
                comment = true;
            } else if (c == '{' && ++depth > MAX_DEPTH) {
                throw new FormatException(subject, "has more than " + MAX_DEPTH + " levels of braces");
            } else if (c == '}' && --depth < 0) {
                throw new FormatException(subject, "closes a brace that is not open");
            }
        }
        if (quote != 0 || depth != 0) {
            throw new FormatException(subject, quote != 0 ? "has an open quote" : "has an open brace");
        }
    }

    /** As {@code sort -V}: runs of digits count as numbers. */
    private static final Comparator<String> VERSION_ORDER =
            Comparator.<String, String>comparing(BootConfig::sortKey).thenComparing(Comparator.naturalOrder());

    /** Puts the number of its digits before each number: "9" becomes "\u00019", "10" becomes "\u000210". */
    private static String sortKey(String name) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < name.length(); ) {
            int end = i;
            while (end < name.length() && Character.digit(name.charAt(end), 10) >= 0) {
                end++;
            }
            if (end == i) {
                key.append(name.charAt(i++));
                continue;
            }
            while (i < end - 1 && name.charAt(i) == '0') {
                i++;
            }
            key.append('0').append((char) (end - i)).append(name, i, end);
            i = end;
        }
        return key.toString();
    }
}
