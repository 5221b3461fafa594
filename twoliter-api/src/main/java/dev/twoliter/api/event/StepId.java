package dev.twoliter.api.event;

import dev.twoliter.api.Arch;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names a step of a build. Immutable, thread-safe.
 *
 * @param kind what it makes
 * @param name of what
 * @param archOrNull for which architecture, or null when it is for all
 */
public record StepId(Kind kind, String name, @Nullable Arch archOrNull) {

    /** What a step makes. */
    public enum Kind {
        RESOLVE,
        FETCH,
        PACKAGE,
        KIT,
        VARIANT,
        CONTAINER,
        PUBLISH
    }

    public StepId {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
    }

    /** {@return such as {@code kit base-kit x86_64}} */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + name + (archOrNull == null ? "" : " " + archOrNull);
    }
}
