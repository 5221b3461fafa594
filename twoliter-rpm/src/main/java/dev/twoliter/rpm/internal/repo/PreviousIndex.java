package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.rpm.internal.repo.PackageEntry.Change;
import dev.twoliter.rpm.repo.RepoOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The index that a repository has before it is indexed again. Thread-safe. */
final class PreviousIndex {
    private final RepodataFiles files;
    private final Map<String, PackageEntry> byHref;
    private @Nullable Texts texts;

    /** What is in filelists and in other, by package id. */
    private record Texts(Map<String, List<ListedFile>> files, Map<String, List<Change>> changes) {}

    private PreviousIndex(RepodataFiles files, Map<String, PackageEntry> byHref) {
        this.files = files;
        this.byHref = byHref;
    }

    /** Reads the index; there is none, too, if it is damaged in any way. */
    static Optional<PreviousIndex> read(Path root) {
        if (!Files.exists(root.resolve("repodata").resolve("repomd.xml"))) {
            return Optional.empty();
        }
        try {
            RepodataFiles files = RepodataFiles.open(root, null);
            for (Repomd.Data data : files.repomd().data().values()) {
                files.check(data);
            }
            Map<String, PackageEntry> byHref = files.parse(files.data("primary"), new PrimaryEntries()::parse);
            return Optional.of(new PreviousIndex(files, byHref));
        } catch (FormatException | VerificationException | StorageException e) {
            return Optional.empty();
        }
    }

    /** Whether an index with these options would be this one again. */
    boolean isSame(List<RpmOnDisk> packages, List<String> expectedTypes, byte[] updateInfo, RepoOptions options) {
        Repomd repomd = files.repomd();
        List<String> types = new ArrayList<>();
        repomd.data().forEach((type, data) -> {
            String name = type.endsWith(MetadataFile.DATABASE)
                    ? type.substring(0, type.length() - MetadataFile.DATABASE.length())
                    : type;
            String start = "repodata/" + data.checksum() + "-" + name;
            types.add(data.href().startsWith(start) ? type + data.href().substring(start.length()) : "");
        });
        Repomd.Data info = repomd.data().get("updateinfo");
        return types.equals(expectedTypes)
                && repomd.revision().equals(Long.toString(options.timestamp().getEpochSecond()))
                && (info == null
                        || info.openChecksum().equals(Digest.ofBytes(updateInfo).hex()))
                && (options.signer().isPresent() || !Files.exists(files.signature()))
                && packages.size() == byHref.size()
                && packages.stream().allMatch(file -> known(file) != null);
    }

    private @Nullable PackageEntry known(RpmOnDisk file) {
        PackageEntry entry = byHref.get(file.href());
        return entry != null
                        && entry.details().size() == file.size()
                        && entry.details().fileTime() == file.modifiedSeconds()
                ? entry
                : null;
    }

    /** Returns what the index says of a package, or null if it does not know it or the file has changed. */
    @Nullable
    PackageEntry find(RpmOnDisk file) {
        PackageEntry entry = known(file);
        Texts all = entry == null ? null : texts();
        if (entry == null || all == null) {
            return null;
        }
        String pkgid = entry.id().pkgid();
        List<ListedFile> listed = all.files.get(pkgid);
        List<Change> changes = all.changes.get(pkgid);
        return listed == null || changes == null
                ? null
                : new PackageEntry(entry.id(), entry.details(), entry.relations(), listed, changes);
    }

    private synchronized @Nullable Texts texts() {
        if (texts == null) {
            try {
                texts = new Texts(
                        files.parse(files.data("filelists"), ListEntries::files),
                        files.parse(files.data("other"), ListEntries::changes));
            } catch (FormatException | StorageException e) {
                texts = new Texts(Map.of(), Map.of());
            }
        }
        return texts;
    }
}
