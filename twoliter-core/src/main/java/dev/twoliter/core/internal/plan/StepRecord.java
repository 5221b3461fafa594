package dev.twoliter.core.internal.plan;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.io.Hashing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What a finished step left behind and what it was made from: {@code build/state/ARCH/KINDs/NAME/step.json}. Immutable,
 * thread-safe.
 *
 * @param inputs the inputs, by name
 * @param outputs the files, by path
 */
public record StepRecord(Map<String, String> inputs, List<Output> outputs) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public StepRecord {
        inputs = Map.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * A file that a step made.
     *
     * @param path relative to the step's target directory
     * @param size in bytes; 0 for a symbolic link
     * @param changed last change in nanoseconds since 1970; 0 for a symbolic link
     * @param sha256 the digest of the content in hexadecimal, or {@code link:TARGET}
     */
    public record Output(String path, long size, long changed, String sha256) {

        private static final String LINK = "link:";

        /**
         * Takes down a file as it is now.
         *
         * @param target the step's target directory
         * @param file a regular file or symbolic link below it
         * @param known the digest of its content, if it was hashed while it was written
         * @return what it is
         */
        public static Output of(Path target, Path file, Optional<Digest> known) {
            String path = target.relativize(file).toString();
            try {
                return Files.isSymbolicLink(file)
                        ? new Output(path, 0, 0, LINK + Files.readSymbolicLink(file))
                        : new Output(
                                path,
                                Files.size(file),
                                changed(file),
                                known.orElseGet(() -> Hashing.sha256(file)).hex());
            } catch (IOException e) {
                throw StorageException.of("read", file, e);
            }
        }

        /** Where the system has it, the time of the last change of any kind: nobody can set that one back. */
        private static long changed(Path file) throws IOException {
            FileTime time = file.getFileSystem().supportedFileAttributeViews().contains("unix")
                    ? (FileTime) Files.getAttribute(file, "unix:ctime")
                    : Files.getLastModifiedTime(file);
            return time.to(TimeUnit.NANOSECONDS);
        }

        /** {@return whether it is a symbolic link} */
        public boolean isLink() {
            return sha256.startsWith(LINK);
        }

        /** {@return where a symbolic link leads, as it is written; empty for a file} */
        public Optional<String> linkTarget() {
            return isLink() ? Optional.of(sha256.substring(LINK.length())) : Optional.empty();
        }

        /** {@return the digest of the content} */
        public Digest digest() {
            return Digest.sha256(sha256);
        }

        /** Compares with what is on disk; reads the content only where its time has changed. */
        boolean isIntact(Path target) {
            Path file = target.resolve(path);
            try {
                if (isLink()) {
                    return Files.isSymbolicLink(file) && sha256.equals(LINK + Files.readSymbolicLink(file));
                }
                return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.size(file) == size
                        && (changed(file) == changed
                                || Hashing.sha256(file).hex().equals(sha256));
            } catch (IOException e) {
                return false;
            }
        }
    }

    /**
     * Reads a record.
     *
     * @param file where it is
     * @return the record; empty when there is none, or none that can be read: the step is then run again
     */
    public static Optional<StepRecord> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonNode root = JSON.readTree(file.toFile());
            TreeMap<String, String> inputs = new TreeMap<>();
            root.path("inputs")
                    .properties()
                    .forEach(e -> inputs.put(e.getKey(), e.getValue().asText()));
            List<Output> outputs = new ArrayList<>();
            for (JsonNode node : root.path("outputs")) {
                if (!isInside(node.path("path").asText())
                        || !node.path("sha256").asText().matches("[0-9a-f]{64}|link:.+")) {
                    return Optional.empty();
                }
                outputs.add(new Output(
                        node.path("path").asText(),
                        node.path("size").asLong(),
                        node.path("changed").asLong(),
                        node.path("sha256").asText()));
            }
            return Optional.of(new StepRecord(inputs, outputs));
        } catch (JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /** A record that came with a checkout must not lead out of the project. */
    private static boolean isInside(String path) {
        return !path.isEmpty() && !path.startsWith("/") && !("/" + path + "/").contains("/../");
    }

    /**
     * Writes the record, which says that the step is finished.
     *
     * @param file where to
     */
    public void write(Path file) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode inputNode = root.putObject("inputs");
        new TreeMap<>(inputs).forEach(inputNode::put);
        ArrayNode outputNode = root.putArray("outputs");
        for (Output output : outputs) {
            outputNode
                    .addObject()
                    .put("path", output.path())
                    .put("size", output.size())
                    .put("changed", output.changed())
                    .put("sha256", output.sha256());
        }
        try {
            AtomicFiles.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        } catch (JacksonException e) {
            throw new IllegalStateException("a step record of plain values can always be written", e);
        }
    }

    /**
     * {@return the first output that is missing or changed; empty when all are as recorded}
     *
     * @param target the step's target directory
     */
    public Optional<String> firstDamaged(Path target) {
        return outputs.stream()
                .filter(output -> !output.isIntact(target))
                .map(Output::path)
                .findFirst();
    }
}
