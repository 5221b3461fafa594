package dev.twoliter.core.internal.disk.ova;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

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
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, RECORD, UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_ERROR);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_ERROR);
        put(stem + ".ovf", text, time, tar);
        put(stem + ".mf", manifest.toString().getBytes(UTF_8), time, tar);
        for (Path disk : disks) {
            long size = Files.size(disk);
            tar.putArchiveEntry(entry(name(disk), size, time));
            if (Files.copy(disk, tar) != size) {
                throw new IOException(disk + " changed while it was read");
            }
            tar.closeArchiveEntry();
        }
        tar.finish();
        tar.flush();
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

    private static void put(String name, byte[] content, long time, TarArchiveOutputStream tar) throws IOException {
        tar.putArchiveEntry(entry(name, content.length, time));
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /** As POSIX ustar has it, which every reader of OVA files knows. */
    private static TarArchiveEntry entry(String name, long size, long time) {
        if (name.getBytes(UTF_8).length > MAX_NAME || size > MAX_SIZE) {
            throw new FormatException(name, "its name is too long or it is too large for an OVA file");
        }
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        entry.setModTime(FileTime.from(time, TimeUnit.SECONDS));
        entry.setMode(0644);
        return entry;
    }
}
