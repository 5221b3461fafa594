package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.StorageException;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.rpm.internal.io.AtomicFile;
import dev.twoliter.rpm.internal.repo.Databases.Database;
import dev.twoliter.rpm.internal.repo.MetadataFile.Format;
import dev.twoliter.rpm.internal.repo.MetadataFile.Info;
import dev.twoliter.rpm.repo.RepoIndex;
import dev.twoliter.rpm.repo.RepoOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code repodata}. Several packages are read at a time, but written in order, and only a few wait in between,
 * so memory does not grow with the packages; the databases, and with an index before its texts, are all that stays in
 * memory. Not thread-safe.
 */
public final class RepodataWriter {
    private static final Pattern OURS =
            Pattern.compile("[0-9a-f]{64}-(primary|filelists|other|updateinfo)\\.(xml\\.(gz|zst|xz)|sqlite\\.bz2)");

    /** How many packages for each worker may be read before those in front of them are: small ones pass a large one. */
    private static final int LOOK_AHEAD = 32;

    private final Path root;
    private final RepoOptions options;

    public RepodataWriter(Path root, RepoOptions options) {
        this.root = root;
        this.options = options;
    }

    /** One package, ready to be written. */
    private record Ready(PackageEntry entry, PackageXml xml, boolean read) {}

    /** The files of an index, and how many packages were read for it. */
    private record Written(List<Info> files, int read) {}

    public RepoIndex write() {
        try {
            List<RpmOnDisk> packages = RpmOnDisk.find(root, options.excludes());
            Optional<PreviousIndex> previous = options.update() ? PreviousIndex.read(root) : Optional.empty();
            Path directory = Files.createDirectories(root.resolve("repodata"));
            AtomicFile.sweep(directory);
            byte[] updateInfo = options.advisories().isEmpty() ? new byte[0] : UpdateInfoXml.of(options.advisories());
            if (previous.isPresent() && previous.get().isSame(packages, expectedTypes(), updateInfo, options)) {
                signAgain(directory);
                return new RepoIndex(directory.resolve("repomd.xml"), packages.size(), 0);
            }
            Written written = writeMetadata(directory, packages, previous.orElse(null), updateInfo);
            byte[] repomd = Repomd.write(options.timestamp().getEpochSecond(), written.files);
            writeRepomd(directory, repomd);
            deleteStale(directory, written.files);
            return new RepoIndex(directory.resolve("repomd.xml"), packages.size(), written.read);
        } catch (IOException e) {
            throw StorageException.of("index", root, e);
        }
    }

    private Format xmlFormat() {
        return options.compression() == RepoOptions.Compression.ZSTD ? Format.XML_ZST : Format.XML_GZ;
    }

    /** The metadata files in their order, each as its type and the end of its name. */
    private List<String> expectedTypes() {
        List<String> types = new ArrayList<>();
        String xml = xmlFormat().extension();
        Stream.of("primary", "filelists", "other").forEach(type -> types.add(type + xml));
        if (options.databases()) {
            Stream.of("primary", "filelists", "other")
                    .forEach(type -> types.add(type + MetadataFile.DATABASE + Format.SQLITE_BZ2.extension()));
        }
        if (!options.advisories().isEmpty()) {
            types.add("updateinfo" + xml);
        }
        return types;
    }

    private Written writeMetadata(
            Path directory, List<RpmOnDisk> packages, @Nullable PreviousIndex previous, byte[] updateInfo)
            throws IOException {
        ExecutorService executor = Executors.newFixedThreadPool(options.workers());
        try (MetadataFile primary = new MetadataFile(directory, "primary", xmlFormat(), -1);
                MetadataFile filelists = new MetadataFile(directory, "filelists", xmlFormat(), -1);
                MetadataFile other = new MetadataFile(directory, "other", xmlFormat(), -1)) {
            Databases databases = options.databases() ? new Databases() : null;
            String count = "\" packages=\"" + packages.size() + "\">\n";
            text(primary, Xml.HEAD + "<metadata xmlns=\"" + Names.COMMON + "\" xmlns:rpm=\"" + Names.RPM + count);
            text(filelists, Xml.HEAD + "<filelists xmlns=\"" + Names.FILELISTS + count);
            text(other, Xml.HEAD + "<otherdata xmlns=\"" + Names.OTHER + count);
            Deque<Future<Ready>> pending = new ArrayDeque<>();
            int started = 0;
            int read = 0;
            for (int done = 1; done <= packages.size(); done++) {
                while (started < packages.size() && pending.size() < LOOK_AHEAD * options.workers()) {
                    RpmOnDisk file = packages.get(started++);
                    pending.add(executor.submit(() -> ready(file, previous)));
                }
                Ready next = await(pending.remove());
                primary.write(next.xml.primary());
                filelists.write(next.xml.filelists());
                other.write(next.xml.other());
                if (databases != null) {
                    databases.add(next.entry);
                }
                read += next.read ? 1 : 0;
                options.progress().onPackage(done, packages.size());
            }
            text(primary, "</metadata>");
            text(filelists, "</filelists>");
            text(other, "</otherdata>");
            List<Info> files = new ArrayList<>(List.of(primary.finish(), filelists.finish(), other.finish()));
            if (databases != null) {
                List<Database> all = List.of(databases.primary(), databases.filelists(), databases.other());
                List<Future<Info>> compressed = new ArrayList<>();
                for (int i = 0; i < all.size(); i++) {
                    compressed.add(executor.submit(database(directory, all.get(i), files.get(i))));
                }
                for (Future<Info> future : compressed) {
                    files.add(await(future));
                }
            }
            if (updateInfo.length > 0) {
                try (MetadataFile file = new MetadataFile(directory, "updateinfo", xmlFormat(), -1)) {
                    file.write(updateInfo);
                    files.add(file.finish());
                }
            }
            return new Written(files, read);
        } finally {
            executor.shutdownNow();
        }
    }

    private static void text(MetadataFile file, String ascii) throws IOException {
        file.write(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    private Ready ready(RpmOnDisk file, @Nullable PreviousIndex previous) {
        long time = options.fileTimes()
                ? file.modifiedSeconds()
                : options.timestamp().getEpochSecond();
        PackageEntry known = previous == null ? null : previous.find(file);
        PackageEntry entry =
                known != null ? known : EntryOfRpm.read(HashedPackage.read(file.path()), file.href(), time);
        return new Ready(entry, PackageXml.of(entry), known == null);
    }

    private static Callable<Info> database(Path directory, Database database, Info xml) {
        return () -> {
            String type = database.type() + MetadataFile.DATABASE;
            long size = database.finish(xml.sha256());
            try (MetadataFile file = new MetadataFile(directory, type, Format.SQLITE_BZ2, size)) {
                database.writeTo(file);
                return file.finish();
            }
        };
    }

    private static <T> T await(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while packages were read");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TwoliterException ours) {
                throw ours;
            }
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private void writeRepomd(Path directory, byte[] content) throws IOException {
        Path signature = directory.resolve("repomd.xml.asc");
        // In between, the signature does not fit: readers that want one refuse, and none sees an unsigned index.
        if (options.signer().isPresent()) {
            sign(signature, content);
        } else {
            Files.deleteIfExists(signature);
        }
        AtomicFile.write(directory.resolve("repomd.xml"), content);
    }

    private void sign(Path signature, byte[] content) throws IOException {
        String text = options.signer().orElseThrow().detached(content, options.timestamp());
        AtomicFile.write(signature, text.getBytes(StandardCharsets.US_ASCII));
    }

    private void signAgain(Path directory) throws IOException {
        if (options.signer().isPresent()) {
            sign(directory.resolve("repomd.xml.asc"), Files.readAllBytes(directory.resolve("repomd.xml")));
        }
    }

    private static void deleteStale(Path directory, List<Info> written) throws IOException {
        Set<String> current = new HashSet<>();
        written.forEach(info -> current.add(info.fileName()));
        List<Path> stale;
        try (Stream<Path> files = Files.list(directory)) {
            stale = files.filter(
                            file -> OURS.matcher(file.getFileName().toString()).matches())
                    .filter(file -> !current.contains(file.getFileName().toString()))
                    .toList();
        }
        for (Path file : stale) {
            Files.deleteIfExists(file);
        }
    }
}
