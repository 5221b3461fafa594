package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.rpm.RpmVerification;
import dev.twoliter.rpm.RpmVerifier;
import dev.twoliter.rpm.internal.codec.Compression;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The files of {@code repodata}: repomd.xml, and what it names. Immutable, thread-safe. */
final class RepodataFiles {
    static final String HINT = "Write or fetch the repository's index again.";

    private static final int MAX_REPOMD = 16 << 20;
    private static final int MAX_SIGNATURE = 1 << 20;

    private final Path root;
    private final Repomd repomd;

    private RepodataFiles(Path root, Repomd repomd) {
        this.root = root;
        this.repomd = repomd;
    }

    /** Reads repomd.xml; with a verifier it must be signed by a key of it. */
    static RepodataFiles open(Path root, @Nullable RpmVerifier verifier) {
        Path path = root.resolve("repodata").resolve("repomd.xml");
        byte[] content = readSmall(path, MAX_REPOMD);
        if (verifier != null) {
            verify(path, content, verifier);
        }
        return new RepodataFiles(root, Repomd.parse(new ByteArrayInputStream(content), path.toString()));
    }

    private static byte[] readSmall(Path file, int limit) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(limit);
            if (content.length == limit) {
                throw new FormatException(file.toString(), "it is larger than " + limit + " bytes");
            }
            return content;
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private static void verify(Path path, byte[] content, RpmVerifier verifier) {
        Path signature = path.resolveSibling("repomd.xml.asc");
        if (!Files.exists(signature)) {
            throw new VerificationException(
                    path.toString(), "the index is not signed", "Sign it, or do not require signatures for it.");
        }
        RpmVerification.Result result;
        try (InputStream in = new ByteArrayInputStream(content)) {
            result = verifier.verifyDetached(in, readSmall(signature, MAX_SIGNATURE));
        } catch (IOException e) {
            throw StorageException.of("read", path, e);
        }
        if (result == RpmVerification.Result.MISSING_KEY) {
            throw new VerificationException(
                    path.toString(),
                    "the index is signed by an unknown key",
                    "Add that key to the trusted keys if you trust its owner.");
        }
        if (result != RpmVerification.Result.OK) {
            throw new VerificationException(
                    path.toString(), "the signature of the index is wrong (" + result + ")", HINT);
        }
    }

    Path root() {
        return root;
    }

    Repomd repomd() {
        return repomd;
    }

    /** Where the signature of repomd.xml is, if there is one. */
    Path signature() {
        return root.resolve("repodata").resolve("repomd.xml.asc");
    }

    /** Returns what repomd.xml says of a type of metadata that must be there. */
    Repomd.Data data(String type) {
        Repomd.Data data = repomd.data().get(type);
        if (data == null) {
            throw new FormatException(
                    root.resolve("repodata").resolve("repomd.xml").toString(),
                    "it names no " + type + " metadata",
                    HINT,
                    null);
        }
        return data;
    }

    /** Checks the size and the checksum of a file. */
    void check(Repomd.Data data) {
        Path file = root.resolve(data.href());
        try (InputStream in = Files.newInputStream(file)) {
            compare(in, file, data.newDigest(file.toString()), data.size(), data.checksum());
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /** Checks the size and the checksum of what is in a file, as far as repomd.xml says them. */
    void checkOpen(Repomd.Data data) {
        Path file = root.resolve(data.href());
        if (data.openChecksum().isEmpty()) {
            return;
        }
        try (InputStream in = open(data)) {
            compare(in, file, data.newDigest(file.toString()), data.openSize(), data.openChecksum());
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private static void compare(InputStream in, Path file, MessageDigest digest, long expected, String checksum)
            throws IOException {
        long size = 0;
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            size += n;
            if (expected >= 0 && size > expected) {
                break;
            }
            digest.update(buffer, 0, n);
        }
        if (expected >= 0 && size != expected) {
            throw new VerificationException(
                    file.toString(), "it does not have the " + expected + " bytes that repomd.xml says", HINT);
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        if (!actual.equals(checksum)) {
            throw VerificationException.digest(file.toString(), checksum, actual, HINT);
        }
    }

    /** Opens a file of any compression that we know. */
    private InputStream open(Repomd.Data data) throws IOException {
        Path file = root.resolve(data.href());
        if (data.href().endsWith(".zck")) {
            throw new FormatException(
                    file.toString(),
                    "it is compressed with zchunk, which is not supported",
                    "Index the repository again with gzip, xz or zstd.",
                    null);
        }
        InputStream raw = Files.newInputStream(file);
        try {
            return new Bounded(Compression.decompress(raw), data.openSize(), file.toString());
        } catch (IOException e) {
            raw.close();
            throw new FormatException(file.toString(), "it cannot be decompressed", HINT, e);
        }
    }

    <T> T parse(Repomd.Data data, XmlParsing.Body<T> body) {
        Path file = root.resolve(data.href());
        try (InputStream in = open(data)) {
            return XmlParsing.parse(in, file.toString(), body);
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }
}
