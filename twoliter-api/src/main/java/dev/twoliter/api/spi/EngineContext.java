package dev.twoliter.api.spi;

import dev.twoliter.api.Environment;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where an engine is asked to work. Immutable, thread-safe.
 *
 * @param projectDirectory the project
 * @param environment variables and cache directory
 */
public record EngineContext(Path projectDirectory, Environment environment) {
    public EngineContext {
        Objects.requireNonNull(projectDirectory, "projectDirectory");
        Objects.requireNonNull(environment, "environment");
    }
}
