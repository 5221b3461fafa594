package dev.twoliter.api;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the library takes from its surroundings: environment variables and the cache directory. Nothing else of the
 * process is looked at, so two projects in one JVM can have different ones. Immutable, thread-safe.
 */
public final class Environment {

    private final Map<String, String> variables;
    private final Path cacheDirectory;

    private Environment(Map<String, String> variables, @Nullable Path cacheDirectory) {
        this.variables = Map.copyOf(variables);
        this.cacheDirectory = cacheDirectory != null ? cacheDirectory : defaultCache(variables);
    }

    /** {@return the environment of this process; the cache is {@code $XDG_CACHE_HOME/twoliter} or {@code ~/.cache/twoliter}} */
    public static Environment system() {
        return new Environment(System.getenv(), null);
    }

    /**
     * Makes an environment of its own.
     *
     * @param variables the environment variables
     * @param cacheDirectory where downloads are kept; need not exist
     * @return the environment
     */
    public static Environment of(Map<String, String> variables, Path cacheDirectory) {
        return new Environment(variables, Objects.requireNonNull(cacheDirectory, "cacheDirectory"));
    }

    /**
     * {@return this environment with a variable added or changed}
     *
     * @param name the variable
     * @param value its value
     */
    public Environment with(String name, String value) {
        Map<String, String> changed = new TreeMap<>(variables);
        changed.put(name, value);
        return new Environment(changed, cacheDirectory);
    }

    private static Path defaultCache(Map<String, String> variables) {
        String xdg = variables.getOrDefault("XDG_CACHE_HOME", "");
        String home = variables.getOrDefault("HOME", System.getProperty("user.home", "."));
        return (xdg.startsWith("/") ? Path.of(xdg) : Path.of(home, ".cache")).resolve("twoliter");
    }

    /** {@return the directory that downloads are kept in; it may not exist yet} */
    public Path cacheDirectory() {
        return cacheDirectory;
    }

    /**
     * {@return an environment variable; empty when it is not set or set to nothing}
     *
     * @param name the variable
     */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
    }

    /** {@return all environment variables} */
    public Map<String, String> variables() {
        return variables;
    }
}
