package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.Digest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/** One gzipped metadata file that is being written; its name begins with its digest. Not thread-safe. */
final class MetadataFile implements AutoCloseable {
    /** What repomd.xml says of a metadata file. */
    record Info(String type, String fileName, String sha256, String openSha256, long size, long openSize) {}

    private final String type;
    private final Path temporary;
    private final MessageDigest digest = Digest.newSha256();
    private final MessageDigest openDigest = Digest.newSha256();
    private final OutputStream out;
    private long openSize;

    MetadataFile(Path directory, String type) throws IOException {
        this.type = type;
        temporary = Files.createTempFile(directory, "." + type, ".tmp");
        OutputStream file = new BufferedOutputStream(Files.newOutputStream(temporary));
        out = new GZIPOutputStream(new DigestOutputStream(file, digest), 1 << 16);
    }

    void write(String xml) throws IOException {
        byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
        openDigest.update(bytes);
        openSize += bytes.length;
        out.write(bytes);
    }

    /** Gives the file its name. */
    Info finish() throws IOException {
        out.close();
        String hex = HexFormat.of().formatHex(digest.digest());
        Info info = new Info(
                type,
                hex + "-" + type + ".xml.gz",
                hex,
                HexFormat.of().formatHex(openDigest.digest()),
                Files.size(temporary),
                openSize);
        Files.setPosixFilePermissions(temporary, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(
                temporary,
                temporary.resolveSibling(info.fileName),
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return info;
    }

    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(temporary);
    }
}
