package dev.twoliter.rpm;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.rpm.internal.codec.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a payload. Records of regular files that share an inode are hard links: all but the last have no
 * content, so they wait until the last one has come. Not thread-safe.
 */
final class PayloadReader {
    private static final int MAX_LINK_TARGET = 4096;
    private static final int MAX_PADDING = 1 << 16;

    private final RpmPackage rpm;
    private final String subject;
    private final List<RpmFile> files;
    private final Map<String, RpmFile> expected = new HashMap<>();
    private final List<RpmFile> waiting = new ArrayList<>();
    private final Map<String, Integer> unseenLinks = new HashMap<>();
    private final long digestAlgorithm;

    PayloadReader(RpmPackage rpm) {
        this.rpm = rpm;
        subject = rpm.file().toString();
        files = rpm.files();
        for (RpmFile file : files) {
            if (expected.put(file.path(), file) != null) {
                throw new FormatException(subject, "the header lists " + file.path() + " twice");
            }
            if (file.isRegular() && !file.has(FileFlag.GHOST)) {
                unseenLinks.merge(linkKey(file), 1, Integer::sum);
            }
        }
        digestAlgorithm = rpm.header().number(RpmTag.FILEDIGESTALGO).orElse(FileDigests.MD5);
    }

    void run(PayloadVisitor visitor) {
        try (InputStream raw = Files.newInputStream(rpm.file())) {
            raw.skipNBytes(rpm.headerEnd());
            run(raw, visitor);
        } catch (IOException e) {
            throw StorageException.of("unpack", rpm.file(), e);
        }
    }

    /** Walks through a payload that begins here. */
    void run(InputStream raw, PayloadVisitor visitor) throws IOException {
        String format = rpm.header().string(RpmTag.PAYLOADFORMAT).orElse("cpio");
        if (!format.equals("cpio")) {
            throw new FormatException(subject, "its payload has the format '" + format + "', which is not supported");
        }
        try (InputStream in = new Archive(raw)) {
            for (Cpio.Member record = next(in); record != null; record = next(in)) {
                member(record, in, visitor);
            }
            end(in);
        }
        if (!waiting.isEmpty()) {
            throw new FormatException(
                    subject, "the content of " + waiting.get(0).path() + " never came");
        }
        expected.values().stream()
                .filter(file -> !file.has(FileFlag.GHOST))
                .findFirst()
                .ifPresent(file -> {
                    throw mismatch(file.path() + " is not in the payload");
                });
    }

    /** After the last record there may be padding; reading it also shows whether the compressed data is whole. */
    private void end(InputStream in) throws IOException {
        if (in.readNBytes(MAX_PADDING + 1).length > MAX_PADDING) {
            throw new FormatException(subject, "the payload goes on after its end");
        }
    }

    private VerificationException mismatch(String message) {
        return new VerificationException(subject, message, "Fetch or build the package again.");
    }

    private Cpio.@Nullable Member next(InputStream in) {
        try {
            Cpio.Member record = Cpio.read(in);
            return record.name().equals(Cpio.TRAILER) ? null : record;
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private FormatException damaged(IOException e) {
        return new FormatException(
                subject, "the payload is damaged: " + e.getMessage(), "Fetch or build the package again.", e);
    }

    private void member(Cpio.Member record, InputStream in, PayloadVisitor visitor) throws IOException {
        RpmFile file = lookUp(record);
        // Stripped records know no size; theirs is the header's. Only the last of a set of hard links has content.
        long size = record.size();
        if (size < 0) {
            size = file.isDirectory() || (file.isRegular() && isBeforeLastLink(file)) ? 0 : file.size();
        }
        if (file.isSymlink()) {
            checkTarget(file, size, in);
            visitor.visit(file, InputStream.nullInputStream());
        } else if (!file.isRegular()) {
            if (size != 0) {
                throw mismatch(file.path() + " has content but is no regular file");
            }
            visitor.visit(file, InputStream.nullInputStream());
        } else if (size == 0 && file.size() > 0) {
            waiting.add(file);
        } else {
            regular(file, size, in, visitor);
        }
        skipPadding(in, size);
    }

    private RpmFile lookUp(Cpio.Member record) {
        String path;
        if (record.index() >= 0) {
            if (record.index() >= files.size()) {
                throw mismatch("the payload has a file number " + record.index() + " that the header does not list");
            }
            path = files.get(record.index()).path();
        } else if (record.name().startsWith("./")) {
            path = record.name().substring(1);
        } else {
            path = record.name().startsWith("/") ? record.name() : "/" + record.name();
        }
        RpmFile file = expected.remove(path);
        if (file == null) {
            throw mismatch("the payload has '" + path + "', which the header does not list, or lists once only");
        }
        unseenLinks.computeIfPresent(linkKey(file), (key, count) -> count - 1);
        return file;
    }

    private boolean isBeforeLastLink(RpmFile file) {
        return unseenLinks.getOrDefault(linkKey(file), 0) > 0;
    }

    private static String linkKey(RpmFile file) {
        return file.inode() + " " + file.size() + " " + file.digest();
    }

    private static boolean isLinkOf(RpmFile a, RpmFile b) {
        return a.inode() == b.inode() && a.size() == b.size() && a.digest().equals(b.digest());
    }

    private void regular(RpmFile file, long size, InputStream in, PayloadVisitor visitor) throws IOException {
        if (size != file.size()) {
            throw mismatch(
                    file.path() + " has " + size + " bytes in the payload and " + file.size() + " in the header");
        }
        Content content = new Content(file, in);
        visitor.visit(file, content);
        content.drain();
        for (Iterator<RpmFile> links = waiting.iterator(); links.hasNext(); ) {
            RpmFile link = links.next();
            if (isLinkOf(link, file)) {
                links.remove();
                visitor.hardLink(link, file);
            }
        }
    }

    private void checkTarget(RpmFile file, long size, InputStream in) {
        try {
            String target =
                    size > MAX_LINK_TARGET ? "" : new String(Cpio.exactly(in, (int) size), StandardCharsets.UTF_8);
            if (!target.equals(file.linkTarget())) {
                throw mismatch("the link " + file.path() + " points elsewhere in the payload than in the header");
            }
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private void skipPadding(InputStream in, long size) {
        try {
            Cpio.exactly(in, Cpio.padding(size));
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /** The decompressed payload; what goes wrong in it is the package's fault, not the visitor's. */
    private final class Archive extends InputStream {
        private final InputStream in;

        Archive(InputStream raw) {
            try {
                in = Compression.decompress(raw);
            } catch (IOException e) {
                throw damaged(e);
            }
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            try {
                return in.read(buffer, offset, length);
            } catch (IOException e) {
                throw damaged(e);
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** One regular file; its digest is checked with its last byte. */
    private final class Content extends InputStream {
        private final RpmFile file;
        private final InputStream in;
        private final @Nullable MessageDigest digest;
        private long left;
        private boolean checked;

        Content(RpmFile file, InputStream in) {
            this.file = file;
            this.in = in;
            left = file.size();
            digest = file.digest().isEmpty() ? null : FileDigests.function(digestAlgorithm);
            if (digest == null && !file.digest().isEmpty()) {
                throw new FormatException(subject, "the digest algorithm " + digestAlgorithm + " is unknown");
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                check();
                return -1;
            }
            int n = in.read(buffer, offset, (int) Math.min(length, left));
            if (n < 0) {
                throw new FormatException(subject, "the payload ends inside of " + file.path());
            }
            left -= n;
            if (digest != null) {
                digest.update(buffer, offset, n);
            }
            if (left == 0) {
                check();
            }
            return n;
        }

        private void check() {
            if (checked) {
                return;
            }
            checked = true;
            String actual = digest == null ? "" : HexFormat.of().formatHex(digest.digest());
            if (!actual.equals(file.digest())) {
                throw VerificationException.digest(
                        subject + " (" + file.path() + ")", file.digest(), actual, "Fetch or build the package again.");
            }
        }

        void drain() throws IOException {
            byte[] buffer = new byte[1 << 13];
            while (read(buffer, 0, buffer.length) >= 0) {
                // the digest wants every byte
            }
        }
    }
}
