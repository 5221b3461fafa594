package dev.twoliter.core.internal.graph;

import dev.twoliter.api.ProjectGraph.Kind;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a kind of box looks. The colours are those of Okabe and Ito, which people with every kind of sight tell apart;
 * the corners tell the kinds apart without colours.
 *
 * @param kind the kind; null for external kits
 * @param line the colour of the border
 * @param fill of the ground below black text
 * @param night of the ground below white text
 * @param round the radius of the corners
 */
record Paint(@Nullable Kind kind, String line, String fill, String night, int round) {

    static final Paint PACKAGE = new Paint(Kind.PACKAGE, "#0072b2", "#e8f2f9", "#10293a", 6);
    static final Paint KIT = new Paint(Kind.KIT, "#d55e00", "#fdeee3", "#3d2210", 0);
    static final Paint VARIANT = new Paint(Kind.VARIANT, "#009e73", "#e3f5ef", "#0d3327", 12);
    static final Paint EXTERNAL = new Paint(null, "#cc79a7", "#faedf4", "#3a2230", 0);

    /** From those that need to those that are needed. */
    static final List<Paint> ALL = List.of(VARIANT, KIT, PACKAGE, EXTERNAL);

    static Paint of(Kind kind) {
        return switch (kind) {
            case PACKAGE -> PACKAGE;
            case KIT -> KIT;
            case VARIANT -> VARIANT;
        };
    }

    /** {@return what it is called} */
    String word() {
        return kind == null ? "external kit" : kind.name().toLowerCase(Locale.ROOT);
    }

    /** {@return its name in style sheets} */
    String style() {
        return kind == null ? "external" : word();
    }
}
