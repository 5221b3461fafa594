package dev.twoliter.rpm;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Headers of a cpio archive as RPMs hold it. The usual kind ("newc"):
 *
 * <pre>
 * 070701 | ino mode uid gid nlink mtime filesize devmajor devminor rdevmajor rdevminor namesize check, 8 hex digits each
 * name, NUL | padding to 4 | content | padding to 4
 * </pre>
 *
 * The stripped kind, for files of 4 GiB and more: {@code 07070X}, the index of the file in the header as 8 hex digits,
 * padding to 4, content. The record {@code TRAILER!!!} ends both. Sources: cpio(5); rpm's {@code rpmcpio.c}.
 */
final class Cpio {
    static final String TRAILER = "TRAILER!!!";

    private static final int MAX_NAME = 4097;

    /**
     * One record; the content follows.
     *
     * @param index in the header's list of files, or -1 for the usual kind
     * @param name empty for the stripped kind
     */
    record Member(int index, String name, long size, int headerBytes) {}

    private Cpio() {}

    static int padding(long length) {
        return (int) (-length & 3);
    }

    static byte[] header(String name, RpmFile file, long size, int links) {
        byte[] nameBytes = (name + "\0").getBytes(StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder("070701");
        long[] fields = {
            file.inode(), file.mode(), 0, 0, links, file.mtime(), size, 0, 0, 0, file.device(), nameBytes.length, 0
        };
        for (long field : fields) {
            text.append(hex(field));
        }
        byte[] header = text.toString().getBytes(StandardCharsets.US_ASCII);
        int length = header.length + nameBytes.length;
        byte[] record = java.util.Arrays.copyOf(header, length + padding(length));
        System.arraycopy(nameBytes, 0, record, header.length, nameBytes.length);
        return record;
    }

    static byte[] trailer() {
        return header(TRAILER, new RpmFile("/", 0, "", "", 0, "", "", 0, 0, "", 0, 0, "", 0, 0), 0, 1);
    }

    static byte[] strippedHeader(int index) {
        return ("07070X" + hex(index) + "\0\0").getBytes(StandardCharsets.US_ASCII);
    }

    private static String hex(long number) {
        String digits = Long.toHexString(number);
        return "0".repeat(8 - digits.length()) + digits;
    }

    /** Reads a record's header with its padding. */
    static Member read(InputStream in) throws IOException {
        String magic = new String(exactly(in, 6), StandardCharsets.ISO_8859_1);
        if (magic.equals("07070X")) {
            long index = number(exactly(in, 8), 0);
            exactly(in, padding(14));
            if (index > Integer.MAX_VALUE) {
                throw new IOException("the archive refers to file number " + index);
            }
            return new Member((int) index, "", -1, 16);
        }
        if (!magic.equals("070701") && !magic.equals("070702")) {
            throw new IOException("the archive has a record that is not cpio");
        }
        byte[] fields = exactly(in, 104);
        long size = number(fields, 6 * 8);
        long nameLength = number(fields, 11 * 8);
        if (nameLength < 2 || nameLength > MAX_NAME) {
            throw new IOException("the archive has a name of " + nameLength + " bytes");
        }
        byte[] name = exactly(in, (int) nameLength);
        if (name[name.length - 1] != 0) {
            throw new IOException("the archive has a name without an end");
        }
        int length = 110 + name.length;
        exactly(in, padding(length));
        return new Member(
                -1, new String(name, 0, name.length - 1, StandardCharsets.UTF_8), size, length + padding(length));
    }

    private static long number(byte[] fields, int at) throws IOException {
        long number = 0;
        for (int i = at; i < at + 8; i++) {
            int digit = Character.digit(fields[i], 16);
            if (digit < 0) {
                throw new IOException("the archive has a number that is not hexadecimal");
            }
            number = number << 4 | digit;
        }
        return number;
    }

    static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length != length) {
            throw new EOFException("the archive is cut off");
        }
        return bytes;
    }
}
