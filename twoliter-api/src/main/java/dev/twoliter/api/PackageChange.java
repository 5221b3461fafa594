package dev.twoliter.api;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One package that is not the same in two kits. Immutable, thread-safe.
 *
 * @param name its name
 * @param kind what became of it
 * @param beforeOrNull what the first kit has, or null
 * @param afterOrNull what the second kit has, or null
 */
public record PackageChange(
        String name,
        Kind kind,
        @Nullable Build beforeOrNull,
        @Nullable Build afterOrNull) {

    /** What became of a package. */
    public enum Kind {
        /** Only the second kit has it. */
        ADDED,
        /** Only the first kit has it. */
        REMOVED,
        /** The second kit has a newer version or release. */
        UPGRADED,
        /** The second kit has an older version or release. */
        DOWNGRADED,
        /** Both have the same version and release with other content. */
        REBUILT
    }

    /**
     * One build of a package. Immutable, thread-safe.
     *
     * @param evr {@code [EPOCH:]VERSION-RELEASE}
     * @param arch its architecture
     * @param size the bytes of the RPM
     * @param sha256 its digest
     */
    public record Build(String evr, String arch, long size, Digest sha256) {
        public Build {
            Objects.requireNonNull(evr, "evr");
            Objects.requireNonNull(arch, "arch");
            Objects.requireNonNull(sha256, "sha256");
        }
    }

    public PackageChange {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
    }

    /** {@return what the first kit has, if anything} */
    public Optional<Build> before() {
        return Optional.ofNullable(beforeOrNull);
    }

    /** {@return what the second kit has, if anything} */
    public Optional<Build> after() {
        return Optional.ofNullable(afterOrNull);
    }

    /** {@return the change in words, such as {@code hello 1.0-1 -> 1.1-1}} */
    @Override
    public String toString() {
        String old = before().map(Build::evr).orElse("");
        String now = after().map(Build::evr).orElse("");
        return switch (kind) {
            case ADDED -> name + " added at " + now;
            case REMOVED -> name + " " + old + " removed";
            case UPGRADED -> name + " " + old + " -> " + now;
            case DOWNGRADED -> name + " " + old + " -> " + now + ", which is older";
            case REBUILT -> name + " " + now + ": built anew with other content";
        };
    }
}
