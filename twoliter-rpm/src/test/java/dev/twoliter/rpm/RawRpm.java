package dev.twoliter.rpm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Packages put together by hand: old, odd and hostile ones, as no builder makes them. */
final class RawRpm {
    private final List<RpmFile> files = new ArrayList<>();
    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
    private final HeaderWriter header = new HeaderWriter()
            .string(RpmTag.NAME, "raw")
            .string(RpmTag.VERSION, "1")
            .string(RpmTag.RELEASE, "1")
            .string(RpmTag.ARCH, "noarch");

    static byte[] content(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    HeaderWriter header() {
        return header;
    }

    /** A file of the header. */
    RawRpm listed(String path, int mode, long size, String digest, String link, int inode) {
        files.add(
                new RpmFile(path, mode, "root", "root", size, digest, link, 0, 1_700_000_000, "", 0, inode, "", 0, 0));
        return this;
    }

    /** A regular file of header and payload. */
    RawRpm file(String path, int permissions, String text) {
        byte[] bytes = content(text);
        listed(path, RpmFile.REGULAR | permissions, bytes.length, sha256(bytes), "", files.size() + 1);
        return record("." + path, bytes);
    }

    RawRpm symlink(String path, String target) {
        listed(path, RpmFile.SYMLINK | 0777, content(target).length, "", target, files.size() + 1);
        return record("." + path, content(target));
    }

    RawRpm directory(String path, int permissions) {
        listed(path, RpmFile.DIRECTORY | permissions, 0, "", "", files.size() + 1);
        return record("." + path, new byte[0]);
    }

    /** A record of the payload, for the file listed last. */
    RawRpm record(String name, byte[] content) {
        archive.writeBytes(Cpio.header(name, files.get(files.size() - 1), content.length, 1));
        return content(content);
    }

    /** A record of the payload that knows its file by its number only. */
    RawRpm strippedRecord(int index, byte[] content) {
        archive.writeBytes(Cpio.strippedHeader(index));
        return content(content);
    }

    private RawRpm content(byte[] content) {
        archive.writeBytes(content);
        archive.writeBytes(new byte[Cpio.padding(content.length)]);
        return this;
    }

    static String sha256(byte[] bytes) {
        return dev.twoliter.api.Digest.ofBytes(bytes).hex();
    }

    byte[] payload() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(archive.toByteArray());
        whole.writeBytes(Cpio.trailer());
        return whole.toByteArray();
    }

    byte[] headerBlob() {
        if (!files.isEmpty()) {
            FileTable.write(header, files, false, RpmWriter.FOUR_GIB);
        }
        return header.toBlob(RpmTag.HEADERIMMUTABLE);
    }

    Path write(Path target) throws IOException {
        byte[] main = headerBlob();
        return write(target, main, payload());
    }

    static Path write(Path target, byte[] header, byte[] payload) throws IOException {
        byte[] signature = SignatureHeader.unsigned(header, payload.length, payload.length, false);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(RpmPackage.lead("raw-1-1", 1));
        file.writeBytes(signature);
        file.writeBytes(new byte[-signature.length & 7]);
        file.writeBytes(header);
        file.writeBytes(payload);
        return Files.write(target, file.toByteArray());
    }

    /** One entry of a header. */
    record Entry(int tag, int type, int offset, int count) {}

    /** A header blob of any entries over any data, right or wrong. */
    static byte[] blob(byte[] data, Entry... entries) {
        ByteBuffer blob = ByteBuffer.allocate(16 + 16 * entries.length + data.length);
        blob.putLong(RpmHeader.MAGIC).putInt(entries.length).putInt(data.length);
        for (Entry entry : entries) {
            blob.putInt(entry.tag).putInt(entry.type).putInt(entry.offset).putInt(entry.count);
        }
        return blob.put(data).array();
    }

    static RpmHeader parse(byte[] blob) {
        RpmHeader.blobLength(java.util.Arrays.copyOf(blob, 16), RpmHeader.Limits.MAIN, "raw");
        return RpmHeader.parse(blob, RpmHeader.Limits.MAIN, "raw");
    }
}
