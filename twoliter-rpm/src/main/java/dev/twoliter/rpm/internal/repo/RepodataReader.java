package dev.twoliter.rpm.internal.repo;

import dev.twoliter.rpm.RpmVerifier;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.repo.Repository;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads an index; every file is checked before it is parsed, and only primary is read at once. Not thread-safe. */
public final class RepodataReader {
    private final Path root;
    private final @Nullable RpmVerifier verifier;

    public RepodataReader(Path root, @Nullable RpmVerifier verifier) {
        this.root = root;
        this.verifier = verifier;
    }

    public Repository read() {
        return read(RepodataFiles.open(root, verifier));
    }

    static Repository read(RepodataFiles files) {
        Repomd repomd = files.repomd();
        Repomd.Data primary = files.data("primary");
        files.check(primary);
        Function<String, Supplier<@Nullable List<String>>> lookUp = id -> () -> null;
        Repomd.Data filelists = repomd.data().get("filelists");
        if (filelists != null) {
            FileLists lists = new FileLists(files, filelists);
            lookUp = id -> () -> lists.of(id);
        }
        List<RepoPackage> packages = files.parse(primary, new PrimaryParser(lookUp)::parse);
        return new Repository(files.root(), repomd.revision(), packages);
    }

    /** All paths of all packages, read when the first is asked for. */
    private static final class FileLists {
        private final RepodataFiles files;
        private final Repomd.Data data;
        private @Nullable Map<String, List<String>> byId;

        FileLists(RepodataFiles files, Repomd.Data data) {
            this.files = files;
            this.data = data;
        }

        synchronized @Nullable List<String> of(String pkgid) {
            Map<String, List<String>> all = byId;
            if (all == null) {
                files.check(data);
                Map<String, List<String>> paths = new HashMap<>();
                files.parse(data, ListEntries::files)
                        .forEach((id, list) -> paths.put(
                                id, list.stream().map(ListedFile::path).toList()));
                all = paths;
                byId = all;
            }
            return all.get(pkgid);
        }
    }
}
