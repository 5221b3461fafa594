package dev.twoliter.core.internal.cache;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.io.Hashing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a finished step: the configuration of its artifact,
 * {@code {"files": [{"path": …, "sha256": …, "size": …, "executable": …} or {"path": …, "link": …}]}}. Immutable,
 * thread-safe.
 *
 * @param entries by path
 */
record CachedFiles(List<Entry> entries) {

    /** The type of the configuration. */
    static final String MEDIA_TYPE = "application/vnd.twoliter.step.v1+json";

    private static final int MAX_ENTRIES = 100_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    CachedFiles {
        entries = List.copyOf(entries);
    }

    /**
     * A file or a link.
     *
     * @param path relative, without {@code ..}
     * @param digest of the content; null for a link
     * @param size in bytes; 0 for a link
     * @param executable whether it may be run
     * @param target of a link: a sibling or below it; empty for a file
     */
    record Entry(String path, @Nullable Digest digest, long size, boolean executable, String target) {

        boolean isLink() {
            return digest == null;
        }
    }

    /** Takes down what is below a directory. */
    static CachedFiles of(Path directory, Map<String, Digest> known) {
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted().toList()) {
                String path = directory.relativize(file).toString();
                if (Files.isSymbolicLink(file)) {
                    entries.add(new Entry(
                            path, null, 0, false, Files.readSymbolicLink(file).toString()));
                } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    Digest digest = known.containsKey(path) ? known.get(path) : Hashing.sha256(file);
                    entries.add(new Entry(path, digest, Files.size(file), Files.isExecutable(file), ""));
                }
            }
        } catch (IOException e) {
            throw StorageException.of("read", directory, e);
        }
        return new CachedFiles(entries);
    }

    /** Reads a configuration, which may hold anything. */
    static CachedFiles parse(String subject, byte[] bytes) {
        List<Entry> entries = new ArrayList<>();
        try {
            for (JsonNode node : JSON.readTree(bytes).path("files")) {
                if (entries.size() == MAX_ENTRIES) {
                    throw new FormatException(subject, "it has more than " + MAX_ENTRIES + " files");
                }
                entries.add(entry(subject, node));
            }
        } catch (JacksonException e) {
            throw new FormatException(subject, "its list of files is not JSON");
        } catch (IOException e) {
            throw StorageException.of("read", subject, e);
        }
        return new CachedFiles(entries);
    }

    private static Entry entry(String subject, JsonNode node) {
        String path = node.path("path").asText();
        requireInside(subject, path);
        if (node.has("link")) {
            String target = node.path("link").asText();
            requireInside(subject, target);
            return new Entry(path, null, 0, false, target);
        }
        String hex = node.path("sha256").asText();
        if (!hex.matches("[0-9a-f]{64}")
                || !node.path("size").isIntegralNumber()
                || node.path("size").asLong() < 0) {
            throw new FormatException(subject, "its file '" + path + "' has no digest or size");
        }
        return new Entry(
                path,
                Digest.sha256(hex),
                node.path("size").asLong(),
                node.path("executable").asBoolean(),
                "");
    }

    private static void requireInside(String subject, String path) {
        boolean plain = !path.isEmpty() && path.indexOf('\0') < 0 && !path.startsWith("/");
        if (!plain
                || Stream.of(path.split("/", -1))
                        .anyMatch(part -> part.isEmpty() || part.equals("..") || part.equals("."))) {
            throw new FormatException(subject, "its path '" + path + "' leads out of its directory");
        }
    }

    /** {@return the configuration; the same files give the same bytes} */
    byte[] toJson() {
        ObjectNode root = JSON.createObjectNode();
        var list = root.putArray("files");
        for (Entry entry : entries) {
            ObjectNode node = list.addObject().put("path", entry.path());
            if (entry.digest() == null) {
                node.put("link", entry.target());
            } else {
                node.put("sha256", entry.digest().hex()).put("size", entry.size());
                if (entry.executable()) {
                    node.put("executable", true);
                }
            }
        }
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JacksonException e) {
            throw new IllegalStateException("a list of plain values can always be written", e);
        }
    }
}
