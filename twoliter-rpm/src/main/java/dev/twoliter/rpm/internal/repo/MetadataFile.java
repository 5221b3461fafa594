package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.Digest;
import dev.twoliter.rpm.internal.codec.Compression;
import dev.twoliter.rpm.internal.io.AtomicFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/** One compressed metadata file that is being written; its name begins with its digest. Not thread-safe. */
final class MetadataFile extends OutputStream {
    /** How the types of databases end. */
    static final String DATABASE = "_db";

    /** What is in a metadata file, and how it is compressed. */
    enum Format {
        XML_GZ(".xml.gz"),
        XML_ZST(".xml.zst"),
        SQLITE_BZ2(".sqlite.bz2");

        /** What createrepo_c 1.0.3 and later use. */
        private static final int ZSTD_LEVEL = 10;

        private final String extension;

        Format(String extension) {
            this.extension = extension;
        }

        String extension() {
            return extension;
        }

        private OutputStream compress(OutputStream out) throws IOException {
            return switch (this) {
                case XML_GZ -> new GZIPOutputStream(out, 1 << 16);
                case XML_ZST -> Compression.zstd(out, ZSTD_LEVEL);
                case SQLITE_BZ2 -> new BZip2CompressorOutputStream(out);
            };
        }
    }

    /**
     * What repomd.xml says of a metadata file.
     *
     * @param type such as {@code primary} or {@code primary_db}
     */
    record Info(String type, String fileName, String sha256, String openSha256, long size, long openSize) {}

    private final String type;
    private final Format format;
    private final AtomicFile file;
    private final MessageDigest digest = Digest.newSha256();
    private final MessageDigest openDigest = Digest.newSha256();
    private final Counted counted;
    private final OutputStream out;
    private long openSize;

    /** Hashes and counts what is written. */
    private static final class Counted extends DigestOutputStream {
        private long count;

        Counted(OutputStream out, MessageDigest digest) {
            super(out, digest);
        }

        @Override
        public void write(int oneByte) throws IOException {
            super.write(oneByte);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            super.write(bytes, offset, length);
            count += length;
        }
    }

    MetadataFile(Path directory, String type, Format format) throws IOException {
        this.type = type;
        this.format = format;
        file = AtomicFile.create(directory.resolve(type));
        counted = new Counted(Channels.newOutputStream(file.channel()), digest);
        out = format.compress(new BufferedOutputStream(counted, 1 << 16)); // bzip2 writes byte by byte
    }

    @Override
    public void write(int oneByte) throws IOException {
        write(new byte[] {(byte) oneByte});
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        openDigest.update(bytes, offset, count);
        openSize += count;
        out.write(bytes, offset, count);
    }

    /** Gives the file its name. */
    Info finish() throws IOException {
        out.close();
        String hex = HexFormat.of().formatHex(digest.digest());
        String name = type.endsWith(DATABASE) ? type.substring(0, type.length() - DATABASE.length()) : type;
        Info info = new Info(
                type,
                hex + "-" + name + format.extension,
                hex,
                HexFormat.of().formatHex(openDigest.digest()),
                counted.count,
                openSize);
        file.permissions(PosixFilePermissions.fromString("rw-r--r--"));
        file.commitAs(info.fileName);
        return info;
    }

    /** Discards the file unless it has been finished. */
    @Override
    public void close() throws IOException {
        try (file) {
            out.close();
        }
    }
}
