package dev.twoliter.api.plan;

import dev.twoliter.api.Arch;
import dev.twoliter.api.ImageRef;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What goes into the twoliter container, and where it goes. Immutable, thread-safe. */
public final class ContainerRequest {

    private final Path tools;
    private final String at;
    private final List<Arch> arches;
    private final Map<String, String> environment;
    private final @Nullable ImageRef target;
    private final @Nullable Path archive;
    private final String archiveName;

    private ContainerRequest(Builder b) {
        this.tools = Objects.requireNonNull(b.tools, "tools");
        this.at = b.at;
        this.arches = b.arches.isEmpty() ? List.of(Arch.host()) : List.copyOf(b.arches);
        this.environment = Map.copyOf(b.environment);
        this.target = b.target;
        this.archive = b.archive;
        this.archiveName = b.archiveName;
        if ((target == null) == (archive == null)) {
            throw new IllegalArgumentException(
                    "a container goes either to a store or into a file: call to or toArchive");
        }
        if (archive != null && arches.size() > 1) {
            throw new IllegalArgumentException("docker loads one architecture at a time: ask for one");
        }
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the directory with the tools} */
    public Path tools() {
        return tools;
    }

    /** {@return where they are in the container} */
    public String at() {
        return at;
    }

    /** {@return the architectures, one or more} */
    public List<Arch> arches() {
        return arches;
    }

    /** {@return variables that are added to those of the SDK} */
    public Map<String, String> environment() {
        return new TreeMap<>(environment);
    }

    /** {@return the tag that it gets in a store; empty when it goes into a file} */
    public Optional<ImageRef> target() {
        return Optional.ofNullable(target);
    }

    /** {@return the file for {@code docker load}; empty when it goes to a store} */
    public Optional<Path> archive() {
        return Optional.ofNullable(archive);
    }

    /** {@return the name that {@code docker load} gives it; empty when it goes to a store} */
    public String archiveName() {
        return archiveName;
    }

    /** Collects a {@link ContainerRequest}. Not thread-safe. */
    public static final class Builder {
        private @Nullable Path tools;
        private String at = "/opt/twoliter";
        private final Set<Arch> arches = new LinkedHashSet<>();
        private final TreeMap<String, String> environment = new TreeMap<>();
        private @Nullable ImageRef target;
        private @Nullable Path archive;
        private String archiveName = "";

        private Builder() {}

        /** Sets the directory of which every file goes into the container, executable where it is there; required. */
        public Builder tools(Path directory) {
            this.tools = Objects.requireNonNull(directory, "tools");
            return this;
        }

        /** Sets where the tools are in the container, an absolute path; default {@code /opt/twoliter}. */
        public Builder at(String path) {
            this.at = Objects.requireNonNull(path, "at");
            return this;
        }

        /** Adds architectures; default this machine's. */
        public Builder arch(Arch... values) {
            arches.addAll(List.of(values));
            return this;
        }

        /** Adds a variable to those of the SDK, or replaces it. */
        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /**
         * Sends it to a store, with an index over its architectures.
         *
         * @param reference {@code HOST/REPO:TAG} or {@code oci:DIR/REPO:TAG}; directories are relative to the project's
         * @return this
         * @throws IllegalArgumentException if it is no reference, or has no tag
         */
        public Builder to(String reference) {
            ImageRef parsed = ImageRef.parse(reference);
            if (parsed.tag().isEmpty() || parsed.digest().isPresent()) {
                throw new IllegalArgumentException("'" + reference + "' must have a tag, and no digest");
            }
            this.target = parsed;
            return this;
        }

        /**
         * Writes it into a file that {@code docker load} takes.
         *
         * @param file the file; replaced if it is there
         * @param name the name that it gets, such as {@code twoliter:1.0}
         * @return this
         */
        public Builder toArchive(Path file, String name) {
            this.archive = Objects.requireNonNull(file, "file");
            this.archiveName = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * {@return the request}
         *
         * @throws NullPointerException if the tools are missing
         * @throws IllegalArgumentException if it goes nowhere, to two places, or into one file for two architectures
         */
        public ContainerRequest build() {
            return new ContainerRequest(this);
        }
    }
}
