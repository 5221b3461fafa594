package dev.twoliter.oci;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Writes tar headers as nobody honest would. */
final class RawTar {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Adds a header whose size field is given as text, and its content, filled up to a block. */
    RawTar entry(char type, String name, String link, String sizeField, byte[] content) {
        return header(type, name, link, sizeField.getBytes(StandardCharsets.ISO_8859_1))
                .content(content);
    }

    RawTar entry(char type, String name, String link, byte[] content) {
        return entry(type, name, link, String.format("%011o\0", content.length), content);
    }

    RawTar file(String name, String content) {
        return entry('0', name, "", content.getBytes(StandardCharsets.UTF_8));
    }

    RawTar link(char type, String name, String to) {
        return entry(type, name, to, new byte[0]);
    }

    /** Adds an extended header with records that have the right lengths. */
    RawTar pax(char type, Map<String, String> records) {
        StringBuilder body = new StringBuilder();
        records.forEach((key, value) -> body.append(record(key, value)));
        return entry(type, "pax", "", body.toString().getBytes(StandardCharsets.UTF_8));
    }

    static String record(String key, String value) {
        String rest = " " + key + "=" + value + "\n";
        int length = rest.getBytes(StandardCharsets.UTF_8).length + 1;
        while (length
                != rest.getBytes(StandardCharsets.UTF_8).length
                        + Integer.toString(length).length()) {
            length++;
        }
        return length + rest;
    }

    RawTar header(char type, String name, String link, byte[] sizeField) {
        byte[] block = new byte[512];
        put(block, 0, 100, name.getBytes(StandardCharsets.UTF_8));
        put(block, 100, 8, "0006755\0".getBytes(StandardCharsets.US_ASCII));
        put(block, 124, 12, sizeField);
        block[156] = (byte) type;
        put(block, 157, 100, link.getBytes(StandardCharsets.UTF_8));
        put(block, 257, 8, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, 8, String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(block);
        return this;
    }

    RawTar content(byte[] content) {
        out.writeBytes(content);
        out.writeBytes(new byte[-content.length & 511]);
        return this;
    }

    private static void put(byte[] block, int offset, int length, byte[] value) {
        System.arraycopy(value, 0, block, offset, Math.min(length, value.length));
    }

    /** {@return what was written, with the end mark} */
    byte[] end() {
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }

    /** {@return what was written, without an end mark} */
    byte[] cut() {
        return out.toByteArray();
    }
}
