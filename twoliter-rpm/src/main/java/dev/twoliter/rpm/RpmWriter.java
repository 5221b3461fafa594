package dev.twoliter.rpm;

import dev.twoliter.api.Digest;
import dev.twoliter.rpm.internal.codec.Compression;
import dev.twoliter.rpm.internal.io.AtomicFile;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Writes one package. The length of both headers does not depend on the files' content (digests have fixed lengths),
 * so the payload is written first, behind room for the headers, and these are put before it at the end: nothing is
 * copied. Not thread-safe.
 */
final class RpmWriter {
    private static final int ZSTD_LEVEL = 1; // what the Bottlerocket SDK sets (w1.zstdio)
    private static final int BUFFER = 1 << 16;
    static final long FOUR_GIB = 1L << 32;
    private static final String NO_DIGEST = "0".repeat(64);

    private final RpmBuilder builder;
    private final List<RpmEntry> entries;
    private final List<RpmFile> files = new ArrayList<>();
    private final boolean stripped;
    private final long large;

    /** Sizes from {@code large} bytes on are written with 64 bits; tests need not write 4 GiB to see that. */
    RpmWriter(RpmBuilder builder, long large) throws IOException {
        this.builder = builder;
        this.large = large;
        entries = List.copyOf(builder.entries.values());
        boolean anyLarge = false;
        for (RpmEntry entry : entries) {
            RpmFile kind = entry.toFile(0, "", 0, 0, 0);
            long size;
            if (kind.isSymlink()) {
                size = kind.linkTarget().getBytes(StandardCharsets.UTF_8).length;
            } else {
                size = entry.content().size();
            }
            anyLarge |= size >= large;
            String digest = kind.isRegular() && entry.inPayload() ? NO_DIGEST : "";
            files.add(entry.toFile(size, digest, builder.buildTime, files.size() + 1, 0));
        }
        stripped = anyLarge; // newc has room for 32 bits only
    }

    RpmPackageInfo write(Path target) throws IOException {
        long archiveBytes = archiveBytes();
        int headerLength = header(Result.NONE, Result.NONE).length;
        // Compression cannot make it longer than this; so the form of the sizes is known before the payload is.
        boolean longSizes = headerLength + archiveBytes + (archiveBytes >> 7) + BUFFER >= large;
        int signatureLength = SignatureHeader.unsigned(new byte[0], 0, 0, longSizes).length;
        long headerStart = (long) RpmPackage.LEAD_BYTES + signatureLength + (-signatureLength & 7);
        long payloadStart = headerStart + headerLength;
        try (AtomicFile file = AtomicFile.create(target)) {
            FileChannel channel = file.channel();
            channel.position(payloadStart);
            Summary compressed = new Summary();
            Summary archive = new Summary();
            OutputStream raw = compressed.over(new Unclosed(Channels.newOutputStream(channel)));
            try (OutputStream out = archive.over(Compression.zstd(raw, ZSTD_LEVEL))) {
                writeArchive(out);
            }
            long size = channel.position();
            byte[] header = header(compressed.result(size - payloadStart), archive.result(archiveBytes));
            byte[] signature = SignatureHeader.unsigned(header, size - payloadStart, archiveBytes, longSizes);
            if (header.length != headerLength || signature.length != signatureLength) {
                throw new IllegalStateException("the headers of " + builder.nevra() + " changed their length");
            }
            put(channel, 0, RpmPackage.lead(builder.name + "-" + builder.version + "-" + builder.release, leadArch()));
            put(channel, RpmPackage.LEAD_BYTES, signature);
            put(channel, headerStart, header);
            file.commit();
            return new RpmPackageInfo(target, builder.nevra(), size);
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void put(FileChannel channel, long position, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer, position + buffer.position());
        }
    }

    private int leadArch() {
        return builder.arch.equals("aarch64") ? 19 : 1;
    }

    private long archiveBytes() {
        long total = Cpio.trailer().length;
        for (int i = 0; i < files.size(); i++) {
            if (entries.get(i).inPayload()) {
                long content = files.get(i).size();
                total += recordHeader(i).length + content + Cpio.padding(content);
            }
        }
        return total;
    }

    private byte[] recordHeader(int index) {
        RpmFile file = files.get(index);
        return stripped
                ? Cpio.strippedHeader(index)
                : Cpio.header("." + file.path(), file, file.size(), file.isDirectory() ? 2 : 1);
    }

    /** Writes all records, and puts the digests into {@link #files}. */
    private void writeArchive(OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int i = 0; i < files.size(); i++) {
            RpmEntry entry = entries.get(i);
            RpmFile file = files.get(i);
            if (!entry.inPayload()) {
                continue;
            }
            out.write(recordHeader(i));
            if (file.isSymlink()) {
                out.write(file.linkTarget().getBytes(StandardCharsets.UTF_8));
            } else if (file.isRegular()) {
                MessageDigest digest = Digest.newSha256();
                int color = copy(entry, file, digest, out, buffer);
                files.set(i, entry.toFile(file.size(), hex(digest), builder.buildTime, file.inode(), color));
            }
            out.write(new byte[Cpio.padding(file.size())]);
        }
        out.write(Cpio.trailer());
    }

    /** Returns the file's colour, see {@link RpmFile#color}. */
    private static int copy(RpmEntry entry, RpmFile file, MessageDigest digest, OutputStream out, byte[] buffer)
            throws IOException {
        long copied = 0;
        int color = 0;
        try (InputStream in = entry.content().open()) {
            // Whole buffers, because what zstd makes may depend on how it is fed.
            for (int n = in.readNBytes(buffer, 0, BUFFER); n > 0; n = in.readNBytes(buffer, 0, BUFFER)) {
                color = copied == 0 ? color(buffer, n) : color;
                copied += n;
                if (copied > file.size()) {
                    break;
                }
                digest.update(buffer, 0, n);
                out.write(buffer, 0, n);
            }
        }
        if (copied != file.size()) {
            throw new IOException("the source of " + file.path() + " changed while it was read");
        }
        return color;
    }

    /** An ELF file begins with 7F 'E' 'L' 'F' and its class, 1 for 32 bits and 2 for 64 (elf(5)). */
    private static int color(byte[] start, int length) {
        boolean elf = length > 4 && start[0] == 0x7F && start[1] == 'E' && start[2] == 'L' && start[3] == 'F';
        return elf && (start[4] == 1 || start[4] == 2) ? start[4] : 0;
    }

    private byte[] header(Result payload, Result archive) {
        HeaderWriter header = new HeaderWriter()
                .strings(RpmTag.HEADERI18NTABLE, List.of("C"))
                .string(RpmTag.NAME, builder.name)
                .string(RpmTag.VERSION, builder.version)
                .string(RpmTag.RELEASE, builder.release)
                .translated(RpmTag.SUMMARY, builder.summary)
                .translated(RpmTag.DESCRIPTION, builder.description.isEmpty() ? builder.summary : builder.description)
                .int32(RpmTag.BUILDTIME, builder.buildTime)
                .string(RpmTag.BUILDHOST, builder.buildHost)
                .string(RpmTag.LICENSE, builder.license)
                .translated(RpmTag.GROUP, builder.group)
                .string(RpmTag.OS, "linux")
                .string(RpmTag.ARCH, builder.arch)
                .string(RpmTag.SOURCERPM, builder.sourceRpm)
                .string(RpmTag.RPMVERSION, "4.18.0") // the rpm whose packages these resemble
                .string(RpmTag.PAYLOADFORMAT, "cpio")
                .string(RpmTag.PAYLOADCOMPRESSOR, "zstd")
                .string(RpmTag.PAYLOADFLAGS, Integer.toString(ZSTD_LEVEL))
                .string(RpmTag.ENCODING, "utf-8")
                .strings(RpmTag.PAYLOADDIGEST, List.of(payload.sha256))
                .int32(RpmTag.PAYLOADDIGESTALGO, FileDigests.SHA256)
                .strings(RpmTag.PAYLOADDIGESTALT, List.of(archive.sha256))
                .int64(RpmTag.PAYLOADSIZE, payload.size)
                .int64(RpmTag.PAYLOADSIZEALT, archive.size)
                .string(RpmTag.PAYLOADSHA3_256, payload.sha3)
                .string(RpmTag.PAYLOADSHA3_256ALT, archive.sha3);
        optional(header, RpmTag.VENDOR, builder.vendor);
        optional(header, RpmTag.PACKAGER, builder.packager);
        optional(header, RpmTag.URL, builder.url);
        if (builder.epoch != 0) {
            header.int32(RpmTag.EPOCH, builder.epoch);
        }
        FileTable.write(header, files, stripped, large);
        new BuilderRelations(builder, files, stripped).write(header);
        return header.toBlob(RpmTag.HEADERIMMUTABLE);
    }

    private static void optional(HeaderWriter header, int tag, String text) {
        if (!text.isEmpty()) {
            header.string(tag, text);
        }
    }

    /** What the header says about the payload, as it is in the file or before compression. */
    private record Result(long size, String sha256, String sha3) {
        static final Result NONE = new Result(0, NO_DIGEST, NO_DIGEST);
    }

    /** The digests of a payload: SHA-256 for all rpms, SHA3-256 (tags of rpm 6) beside it. */
    private static final class Summary {
        private final MessageDigest sha256 = Digest.newSha256();
        private final MessageDigest sha3 = SignatureHeader.function("SHA3-256");

        OutputStream over(OutputStream out) {
            return new DigestOutputStream(new DigestOutputStream(out, sha256), sha3);
        }

        Result result(long size) {
            return new Result(size, hex(sha256), hex(sha3));
        }
    }

    /** The compressor closes what it writes to, but the file has more to come. */
    private static final class Unclosed extends FilterOutputStream {
        private Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
