package dev.twoliter.examples.cli;

import dev.twoliter.api.plan.BuildRequest;
import java.util.Locale;

/** What {@code twoliter build} can be asked for. */
enum BuildTarget {
    PACKAGE,
    KIT,
    VARIANT;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    BuildRequest.Builder add(BuildRequest.Builder request, String name) {
        return switch (this) {
            case PACKAGE -> request.rpm(name);
            case KIT -> request.kit(name);
            case VARIANT -> request.variant(name);
        };
    }
}
