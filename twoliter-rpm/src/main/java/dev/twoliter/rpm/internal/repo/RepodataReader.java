package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.rpm.RpmVerification;
import dev.twoliter.rpm.RpmVerifier;
import dev.twoliter.rpm.internal.codec.Compression;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.repo.Repository;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads {@code repodata}; every file that repomd.xml names is checked before it is parsed. Not thread-safe. */
public final class RepodataReader {
    private static final int MAX_REPOMD = 16 << 20;
    private static final int MAX_SIGNATURE = 1 << 20;
    private static final String HINT = "Write or fetch the repository's index again.";

    private final Path root;
    private final @Nullable RpmVerifier verifier;

    public RepodataReader(Path root, @Nullable RpmVerifier verifier) {
        this.root = root;
        this.verifier = verifier;
    }

    public Repository read() {
        Path path = root.resolve("repodata").resolve("repomd.xml");
        byte[] content = readSmall(path, MAX_REPOMD);
        if (verifier != null) {
            verify(path, content, verifier);
        }
        Repomd repomd = Repomd.parse(new ByteArrayInputStream(content), path.toString());
        Repomd.Data primary = repomd.data().get("primary");
        if (primary == null) {
            throw new FormatException(path.toString(), "it names no primary metadata", HINT, null);
        }
        for (Repomd.Data data : repomd.data().values()) {
            check(data);
        }
        Function<String, Supplier<@Nullable List<String>>> lookUp = id -> () -> null;
        Repomd.Data filelists = repomd.data().get("filelists");
        if (filelists != null) {
            FileLists lists = new FileLists(filelists);
            lookUp = id -> () -> lists.of(id);
        }
        List<RepoPackage> packages = parse(primary, new PrimaryParser(lookUp)::parse);
        return new Repository(root, repomd.revision(), packages);
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

    private void check(Repomd.Data data) {
        Path file = root.resolve(data.href());
        MessageDigest digest = data.newDigest(file.toString());
        long size = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
                if (data.size() >= 0 && size > data.size()) {
                    break;
                }
                digest.update(buffer, 0, n);
            }
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
        if (data.size() >= 0 && size != data.size()) {
            throw new VerificationException(
                    file.toString(), "the file does not have the " + data.size() + " bytes that repomd.xml says", HINT);
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        if (!actual.equals(data.checksum())) {
            throw VerificationException.digest(file.toString(), data.checksum(), actual, HINT);
        }
    }

    private <T> T parse(Repomd.Data data, XmlParsing.Body<T> body) {
        Path file = root.resolve(data.href());
        try (InputStream raw = Files.newInputStream(file)) {
            InputStream open;
            try {
                open = Compression.decompress(raw);
            } catch (IOException e) {
                throw new FormatException(file.toString(), "it cannot be decompressed", HINT, e);
            }
            return XmlParsing.parse(new Bounded(open, data.openSize(), file.toString()), file.toString(), body);
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /** All paths of all packages, read when the first is asked for. */
    private final class FileLists {
        private final Repomd.Data data;
        private @Nullable Map<String, List<String>> byId;

        FileLists(Repomd.Data data) {
            this.data = data;
        }

        synchronized @Nullable List<String> of(String pkgid) {
            Map<String, List<String>> all = byId;
            if (all == null) {
                check(data);
                all = parse(data, FilelistsParser::parse);
                byId = all;
            }
            return all.get(pkgid);
        }
    }
}
