package dev.twoliter.core.internal.plan;

import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.io.Hashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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

        /** Adds every file below a directory: path, whether it may be executed, digest. */
        Builder addFiles(String name, Path directory) {
            try (Stream<Path> found = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
                List<Path> files = found.filter(Files::isRegularFile)
                        .filter(file -> !isHidden(directory.relativize(file)))
                        .sorted()
                        .toList();
                for (Path file : files) {
                    add(
                            name + "/" + directory.relativize(file),
                            Hashing.sha256(file) + (Files.isExecutable(file) ? " x" : ""));
                }
            } catch (IOException e) {
                throw StorageException.of("read", directory, e);
            }
            return this;
        }

        private static boolean isHidden(Path relative) {
            for (Path part : relative) {
                if (part.toString().startsWith(".")) {
                    return true;
                }
            }
            return false;
        }

        Inputs build() {
            return new Inputs(values);
        }
    }
}
