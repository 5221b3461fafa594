package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.api.ImageDependency;
import java.util.List;

/** One version of a kit or SDK, as far as the search is concerned. */
public sealed interface Release {

    /**
     * It can be used. Immutable.
     *
     * @param needs the kits that it pins
     * @param sdk the SDK that it was made with; none for an SDK, one for a kit
     */
    record Usable(List<ImageDependency> needs, List<ImageDependency> sdk) implements Release {
        public Usable {
            needs = List.copyOf(needs);
            sdk = List.copyOf(sdk);
        }
    }

    /**
     * It cannot be used. Immutable.
     *
     * @param because why, such as {@code it cannot be read: the index is empty}
     */
    record Unusable(String because) implements Release {}
}
