package dev.twoliter.core.internal.plan;

import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.io.Hashing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Everything that a step's result depends on, by name: contents, never times. Immutable, thread-safe.
 *
 * @param values each input's value or digest, by a name that a person understands
 */
public record Inputs(SortedMap<String, String> values) {

    /** Raised when the same inputs give another result than before, so that old results are made anew. */
    private static final String RULES = "1";

    public Inputs {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** {@return the SHA-256 over all names and values, in hexadecimal} */
    public String hash() {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append(name.length())
                .append(':')
                .append(name)
                .append(value.length())
                .append(':')
                .append(value)
                .append('\n'));
        return Digest.ofBytes(text.toString().getBytes(StandardCharsets.UTF_8)).hex();
    }

    /**
     * {@return the first difference to earlier inputs, in words; empty when there is none}
     *
     * @param before what the inputs were
     */
    public Optional<String> differenceTo(Map<String, String> before) {
        for (Map.Entry<String, String> entry : values.entrySet()) {
            String old = before.get(entry.getKey());
            if (old == null) {
                return Optional.of(entry.getKey() + " is new");
            }
            if (!old.equals(entry.getValue())) {
                return Optional.of(entry.getKey() + " has changed");
            }
        }
        return before.keySet().stream()
                .filter(name -> !values.containsKey(name))
                .findFirst()
                .map(name -> name + " is gone");
    }

    /** {@return a builder} */
    static Builder builder() {
        return new Builder();
    }

    /** Collects inputs. Not thread-safe. */
    static final class Builder {
        private final TreeMap<String, String> values = new TreeMap<>(Map.of("build rules", RULES));

        Builder add(String name, Object value) {
            values.put(name, String.valueOf(value));
            return this;
        }

        /** Adds everything below a directory: a file's digest and whether it may be executed, where a link leads. */
        Builder addFiles(String name, Path directory) {
            // The directory itself may be a link; those below it are not followed, so that no walk leaves it.
            try (Stream<Path> found = Files.walk(directory.toRealPath())) {
                Path top = directory.toRealPath();
                for (Path path : found.sorted().toList()) {
                    if (!path.equals(top)) {
                        add(name + "/" + top.relativize(path), describe(path));
                    }
                }
            } catch (UncheckedIOException e) {
                throw StorageException.of("read", directory, Objects.requireNonNull(e.getCause()));
            } catch (IOException e) {
                throw StorageException.of("read", directory, e);
            }
            return this;
        }

        private static String describe(Path path) throws IOException {
            if (Files.isSymbolicLink(path)) {
                return "link to " + Files.readSymbolicLink(path);
            }
            if (Files.isRegularFile(path)) {
                return Hashing.sha256(path) + (Files.isExecutable(path) ? " x" : "");
            }
            return Files.isDirectory(path) ? "directory" : "special";
        }

        Inputs build() {
            return new Inputs(values);
        }
    }
}
