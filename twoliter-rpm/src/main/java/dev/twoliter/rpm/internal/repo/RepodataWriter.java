package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.StorageException;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.rpm.internal.io.AtomicFile;
import dev.twoliter.rpm.repo.RepoIndex;
import dev.twoliter.rpm.repo.RepoOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes {@code repodata}. Several packages are read at a time, but written in order, and only a few wait in between,
 * so memory does not grow with the repository. Not thread-safe.
 */
public final class RepodataWriter {
    private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    private static final Pattern OURS =
            Pattern.compile("[0-9a-f]{64}-(primary|filelists|other)\\.(xml\\.(gz|zst|xz)|sqlite\\.bz2)");

    private final Path root;
    private final RepoOptions options;

    public RepodataWriter(Path root, RepoOptions options) {
        this.root = root;
        this.options = options;
    }

    /** One package, ready to be written. */
    private record Fragments(String primary, String filelists, String other) {}

    public RepoIndex write() {
        try {
            List<Path> packages = find();
            Path directory = Files.createDirectories(root.resolve("repodata"));
            List<MetadataFile.Info> written = writeMetadata(directory, packages);
            Path repomd = writeRepomd(directory, written);
            deleteStale(directory, written);
            return new RepoIndex(repomd, packages.size());
        } catch (IOException e) {
            throw StorageException.of("index", root, e);
        }
    }

    /** Sorted by the bytes of the base name, then of the path, as createrepo_c does. */
    private List<Path> find() throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.filter(path -> path.getFileName().toString().endsWith(".rpm") && isPlainFile(path))
                    .sorted((a, b) -> {
                        int order = compare(a.getFileName(), b.getFileName());
                        return order == 0 ? compare(a, b) : order;
                    })
                    .toList();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isPlainFile(Path path) {
        return Files.isRegularFile(path, java.nio.file.LinkOption.NOFOLLOW_LINKS);
    }

    private static int compare(Path a, Path b) {
        return Arrays.compareUnsigned(
                a.toString().getBytes(StandardCharsets.UTF_8), b.toString().getBytes(StandardCharsets.UTF_8));
    }

    private List<MetadataFile.Info> writeMetadata(Path directory, List<Path> packages) throws IOException {
        ExecutorService executor = Executors.newFixedThreadPool(options.workers());
        try (MetadataFile primary = new MetadataFile(directory, "primary");
                MetadataFile filelists = new MetadataFile(directory, "filelists");
                MetadataFile other = new MetadataFile(directory, "other")) {
            String count = "\" packages=\"" + packages.size() + "\">\n";
            primary.write(HEAD + "<metadata xmlns=\"" + Names.COMMON + "\" xmlns:rpm=\"" + Names.RPM + count);
            filelists.write(HEAD + "<filelists xmlns=\"" + Names.FILELISTS + count);
            other.write(HEAD + "<otherdata xmlns=\"" + Names.OTHER + count);
            Iterator<Path> todo = packages.iterator();
            Deque<Future<Fragments>> pending = new ArrayDeque<>();
            while (todo.hasNext() || !pending.isEmpty()) {
                while (todo.hasNext() && pending.size() < 2 * options.workers()) {
                    Path file = todo.next();
                    pending.add(executor.submit(() -> read(file)));
                }
                Fragments next = await(pending.remove());
                primary.write(next.primary);
                filelists.write(next.filelists);
                other.write(next.other);
            }
            primary.write("</metadata>");
            filelists.write("</filelists>");
            other.write("</otherdata>");
            return List.of(primary.finish(), filelists.finish(), other.finish());
        } finally {
            executor.shutdownNow();
        }
    }

    private Fragments read(Path file) {
        HashedPackage hashed = HashedPackage.read(file);
        PackageXml xml = new PackageXml(
                hashed.rpm(),
                hashed.sha256(),
                root.relativize(file).toString(),
                hashed.size(),
                options.timestamp().getEpochSecond());
        return new Fragments(xml.primary(), xml.filelists(), xml.other());
    }

    private static Fragments await(Future<Fragments> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while packages were read");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TwoliterException ours) {
                throw ours;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Path writeRepomd(Path directory, List<MetadataFile.Info> written) throws IOException {
        long seconds = options.timestamp().getEpochSecond();
        Xml xml = new Xml(0);
        xml.open("repomd", "xmlns", Names.REPO, "xmlns:rpm", Names.RPM);
        xml.text("revision", Long.toString(seconds));
        for (MetadataFile.Info info : written) {
            xml.open("data", "type", info.type());
            xml.textWith("checksum", info.sha256(), "type", "sha256");
            xml.textWith("open-checksum", info.openSha256(), "type", "sha256");
            xml.empty("location", "href", "repodata/" + info.fileName());
            xml.text("timestamp", Long.toString(seconds));
            xml.text("size", Long.toString(info.size()));
            xml.text("open-size", Long.toString(info.openSize()));
            xml.close("data");
        }
        xml.close("repomd");
        byte[] content = (HEAD + xml).getBytes(StandardCharsets.UTF_8);
        Path repomd = directory.resolve("repomd.xml");
        Path signature = directory.resolve("repomd.xml.asc");
        // In between, the signature does not fit: readers that want one refuse, and none sees an unsigned index.
        if (options.signer().isPresent()) {
            String text = options.signer().get().detached(content, options.timestamp());
            AtomicFile.write(signature, text.getBytes(StandardCharsets.US_ASCII));
        } else {
            Files.deleteIfExists(signature);
        }
        AtomicFile.write(repomd, content);
        return repomd;
    }

    private static void deleteStale(Path directory, List<MetadataFile.Info> written) throws IOException {
        Set<String> current = new HashSet<>();
        written.forEach(info -> current.add(info.fileName()));
        List<Path> stale = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> OURS.matcher(file.getFileName().toString()).matches())
                    .filter(file -> !current.contains(file.getFileName().toString()))
                    .forEach(stale::add);
        }
        for (Path file : stale) {
            Files.deleteIfExists(file);
        }
    }
}
