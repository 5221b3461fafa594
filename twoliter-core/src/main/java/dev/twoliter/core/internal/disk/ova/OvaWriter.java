package dev.twoliter.core.internal.disk.ova;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Writes OVA files. Same disks, text and time: same bytes. */
public final class OvaWriter {
    private static final int RECORD = 512;
    private static final int BUFFER = 1 << 16;
    private static final int MAX_NAME = 99;
    private static final long MAX_SIZE = (1L << 33) - 1;

    private OvaWriter() {}

    /**
     * Writes an archive: OVF, manifest, then the disks.
     *
     * @param stem the names of OVF and manifest, without {@code .ovf} and {@code .mf}
     * @param ovf the OVF text
     * @param disks VMDK files of at most 8 GiB, which go in under their own names
     * @param time of all entries, seconds since 1970
     * @param out gets the archive; not closed; should be buffered
     * @throws FormatException if a name is too long or a disk too large for the archive
     * @throws IOException if a disk cannot be read, or the stream fails
     */
    public static void write(String stem, String ovf, List<Path> disks, long time, OutputStream out)
            throws IOException {
        byte[] text = ovf.getBytes(UTF_8);
        StringBuilder manifest = new StringBuilder();
        for (Path disk : disks) {
            manifest.append(line(name(disk), sha256(disk)));
        }
        manifest.append(line(stem + ".ovf", Sha256.digest().digest(text)));
        put(stem + ".ovf", text, time, out);
        put(stem + ".mf", manifest.toString().getBytes(UTF_8), time, out);
        for (Path disk : disks) {
            long size = Files.size(disk);
            out.write(header(name(disk), size, time));
            if (Files.copy(disk, out) != size) {
                throw new IOException(disk + " changed while it was read");
            }
            pad(size, out);
        }
        out.write(new byte[2 * RECORD]);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String line(String name, byte[] digest) {
        return "SHA256(" + name + ")= " + HexFormat.of().formatHex(digest) + "\n";
    }

    private static byte[] sha256(Path file) throws IOException {
        MessageDigest sha256 = Sha256.digest();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sha256.update(buffer, 0, count);
            }
        }
        return sha256.digest();
    }

    private static void put(String name, byte[] content, long time, OutputStream out) throws IOException {
        out.write(header(name, content.length, time));
        out.write(content);
        pad(content.length, out);
    }

    private static void pad(long size, OutputStream out) throws IOException {
        out.write(new byte[(int) (-size & RECORD - 1)]);
    }

    /** A header of POSIX ustar: name, mode, owner, group, size and time in octal digits, checksum, type, magic. */
    private static byte[] header(String name, long size, long time) {
        if (name.getBytes(UTF_8).length > MAX_NAME || size > MAX_SIZE) {
            throw new FormatException(name, "its name is too long or it is too large for an OVA file");
        }
        byte[] header = new byte[RECORD];
        put(header, 0, name);
        put(header, 100, "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, String.format(Locale.ROOT, "%011o", size));
        put(header, 136, String.format(Locale.ROOT, "%011o", time));
        put(header, 148, "        ");
        put(header, 156, "0");
        put(header, 257, "ustar\0" + "00");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        put(header, 148, String.format(Locale.ROOT, "%06o\0", sum));
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(at == 0 ? UTF_8 : US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
