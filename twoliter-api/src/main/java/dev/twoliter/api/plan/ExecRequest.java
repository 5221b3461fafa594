package dev.twoliter.api.plan;

import dev.twoliter.api.Arch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A task of {@code cargo make} to be run in the twoliter container. Immutable, thread-safe. */
public final class ExecRequest {

    private final String task;
    private final List<String> arguments;
    private final Map<String, String> variables;
    private final Path tools;
    private final Arch arch;
    private final @Nullable String user;
    private final @Nullable String engine;
    private final @Nullable Path cargoHome;

    private ExecRequest(Builder b) {
        this.task = b.task;
        this.arguments = List.copyOf(b.arguments);
        this.variables = Collections.unmodifiableMap(new LinkedHashMap<>(b.variables));
        this.tools = b.tools;
        this.arch = b.arch;
        this.user = b.user;
        this.engine = b.engine;
        this.cargoHome = b.cargoHome;
    }

    /**
     * Starts a request.
     *
     * @param task the task, such as {@code variant}
     * @return a builder
     */
    public static Builder builder(String task) {
        return new Builder(task);
    }

    /** {@return the task} */
    public String task() {
        return task;
    }

    /** {@return what follows the task, as it is} */
    public List<String> arguments() {
        return arguments;
    }

    /** {@return variables given to {@code cargo make} with {@code -e}, in order} */
    public Map<String, String> variables() {
        return variables;
    }

    /** {@return the directory with Makefile.toml and the tools, relative to the project's} */
    public Path tools() {
        return tools;
    }

    /** {@return what is built for} */
    public Arch arch() {
        return arch;
    }

    /** {@return {@code UID:GID} that the container runs as; empty for the owner of the project's directory} */
    public Optional<String> user() {
        return Optional.ofNullable(user);
    }

    /** {@return {@code docker} or {@code podman}; empty for the first that is there} */
    public Optional<String> engine() {
        return Optional.ofNullable(engine);
    }

    /** {@return cargo's home; empty for {@code .cargo} in the project} */
    public Optional<Path> cargoHome() {
        return Optional.ofNullable(cargoHome);
    }

    /** Collects an {@link ExecRequest}. Not thread-safe. */
    public static final class Builder {
        private final String task;
        private final List<String> arguments = new ArrayList<>();
        private final Map<String, String> variables = new LinkedHashMap<>();
        private Path tools = Path.of("build", "tools");
        private Arch arch = Arch.host();
        private @Nullable String user;
        private @Nullable String engine;
        private @Nullable Path cargoHome;

        private Builder(String task) {
            this.task = Objects.requireNonNull(task, "task");
        }

        /** Adds arguments that go to {@code cargo make} after the task. */
        public Builder arguments(List<String> values) {
            arguments.addAll(values);
            return this;
        }

        /** Sets a variable of {@code cargo make}. */
        public Builder variable(String name, String value) {
            variables.put(name, value);
            return this;
        }

        /** Sets the directory with Makefile.toml and the tools; default {@code build/tools}. */
        public Builder tools(Path directory) {
            this.tools = Objects.requireNonNull(directory, "tools");
            return this;
        }

        /** Sets what is built for; default this machine's architecture. */
        public Builder arch(Arch value) {
            this.arch = Objects.requireNonNull(value, "arch");
            return this;
        }

        /** Sets who the container runs as; default the owner of the project's directory. */
        public Builder user(long uid, long gid) {
            this.user = uid + ":" + gid;
            return this;
        }

        /** Chooses {@code docker} or {@code podman}; default the first that is there. */
        public Builder engine(String name) {
            this.engine = Objects.requireNonNull(name, "engine");
            return this;
        }

        /** Sets cargo's home; default {@code .cargo} in the project. */
        public Builder cargoHome(Path directory) {
            this.cargoHome = Objects.requireNonNull(directory, "cargoHome");
            return this;
        }

        /** {@return the request} */
        public ExecRequest build() {
            return new ExecRequest(this);
        }
    }
}
