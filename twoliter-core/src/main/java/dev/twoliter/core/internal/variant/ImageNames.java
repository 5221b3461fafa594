package dev.twoliter.core.internal.variant;

import dev.twoliter.api.Arch;
import dev.twoliter.core.internal.plan.Stamp;
import java.util.List;

/**
 * The names of a variant's artefacts (variant-image.md 5). Immutable, thread-safe.
 *
 * @param variant the variant
 * @param arch the architecture
 * @param stamp version and build
 */
record ImageNames(String variant, Arch arch, Stamp stamp) {

    /** {@return the directory of this build: {@code VERSION-BUILD}} */
    String directory() {
        return stamp.version() + "-" + stamp.buildId();
    }

    private String prefix() {
        return "bottlerocket-" + variant + "-" + arch;
    }

    /** {@return what the real files' names begin with} */
    String stem() {
        return prefix() + "-" + directory();
    }

    /** {@return what the names of the links to them begin with} */
    List<String> linkStems() {
        return List.of(prefix(), prefix() + "-" + stamp.version(), prefix() + "-v" + stamp.version());
    }

    /** {@return what everything random upstream is derived from, so that the same build has the same bytes} */
    String seed() {
        return stem();
    }
}
