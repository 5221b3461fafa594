package dev.twoliter.oci.internal.tar;

import java.nio.charset.StandardCharsets;

/**
 * One header block of a tar archive (POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format"
 * for base-256 numbers and the older magic). Damage is an {@link IllegalArgumentException} with the reason.
 *
 * <pre>
 *   0 100 name      124 12 size      156   1 type flag   257 6 magic    345 155 prefix
 * 100   8 mode      148  8 checksum  157 100 link name   263 2 version
 * </pre>
 */
record TarHeader(byte[] block) {

    static final int SIZE = 512;

    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_LENGTH = 8;
    private static final int BASE_256 = 0x80;
    private static final String POSIX = "ustar\0";

    boolean isZero() {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** The sum of all bytes, with the checksum itself taken as spaces; old programs added signed bytes. */
    void check() {
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < SIZE; i++) {
            byte b = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LENGTH ? (byte) ' ' : block[i];
            unsigned += b & 0xff;
            signed += b;
        }
        long said = number(CHECKSUM, CHECKSUM_LENGTH);
        if (said != unsigned && said != signed) {
            throw new IllegalArgumentException("the checksum of a header is wrong");
        }
    }

    char type() {
        return (char) (block[156] & 0xff);
    }

    int mode() {
        return (int) (number(100, 8) & 07777);
    }

    long size() {
        return number(124, 12);
    }

    String link() {
        return text(157, 100);
    }

    /** Other formats than POSIX use the place of the prefix for other things. */
    String name() {
        String name = text(0, 100);
        String prefix = magic().equals(POSIX) ? text(345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private String magic() {
        return new String(block, 257, 6, StandardCharsets.ISO_8859_1);
    }

    private String text(int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return new String(block, offset, end - offset, StandardCharsets.UTF_8);
    }

    private long number(int offset, int length) {
        return (block[offset] & BASE_256) != 0 ? binary(offset, length) : octal(offset, length);
    }

    private long binary(int offset, int length) {
        long value = block[offset] & 0x7f;
        for (int i = offset + 1; i < offset + length; i++) {
            if (value >>> 55 != 0) {
                throw new IllegalArgumentException("a number in a header is negative or too large");
            }
            value = value << 8 | (block[i] & 0xff);
        }
        return value;
    }

    /** Leading spaces, digits, and then spaces or NULs up to the end of the field. */
    private long octal(int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end && block[at] == ' ') {
            at++;
        }
        long value = 0;
        while (at < end && block[at] >= '0' && block[at] <= '7') {
            value = value << 3 | (block[at++] - '0');
        }
        while (at < end && (block[at] == ' ' || block[at] == 0)) {
            at++;
        }
        if (at != end) {
            throw new IllegalArgumentException("a number in a header is not octal");
        }
        return value;
    }
}
