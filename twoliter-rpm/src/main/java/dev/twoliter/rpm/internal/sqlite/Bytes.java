package dev.twoliter.rpm.internal.sqlite;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes with SQLite's numbers of variable length. Not thread-safe. */
final class Bytes {
    private byte[] buffer = new byte[256];
    private int length;

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    byte[] toArray() {
        return Arrays.copyOf(buffer, length);
    }

    private void reserve(int more) {
        if (buffer.length - length < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
        }
    }

    Bytes add(int oneByte) {
        reserve(1);
        buffer[length++] = (byte) oneByte;
        return this;
    }

    Bytes add(Bytes other) {
        return add(other.buffer, 0, other.length);
    }

    Bytes add(byte[] bytes, int from, int count) {
        reserve(count);
        System.arraycopy(bytes, from, buffer, length, count);
        length += count;
        return this;
    }

    /** The lowest bytes of a number, big-endian. */
    Bytes bigEndian(long number, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            add((int) (number >>> shift));
        }
        return this;
    }

    /** Seven bits a byte, the highest first, all bytes but the last marked. Numbers are below 2^56 here. */
    Bytes varint(long number) {
        int groups = varintLength(number);
        for (int i = groups - 1; i > 0; i--) {
            add((int) (number >>> (7 * i)) | 0x80);
        }
        return add((int) number & 0x7F);
    }

    static int varintLength(long number) {
        if (number < 0 || number >= 1L << 56) {
            throw new IllegalArgumentException("not a number of at most 56 bits: " + number);
        }
        int groups = 1;
        for (long rest = number >>> 7; rest != 0; rest >>>= 7) {
            groups++;
        }
        return groups;
    }

    /** Adds a text in UTF-8 and returns how many bytes it takes. */
    int utf8(String text) {
        int n = text.length();
        reserve(n);
        int at = length;
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
                add(encoded, 0, encoded.length);
                return encoded.length;
            }
            buffer[at + i] = (byte) c;
        }
        length += n;
        return n;
    }
}
