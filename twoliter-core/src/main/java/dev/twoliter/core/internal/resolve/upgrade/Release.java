package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.api.ImageDependency;
import java.util.List;
import java.util.Set;

/** One version of a kit or SDK, as far as the search is concerned. */
public sealed interface Release {

    /**
     * It can be used. Immutable.
     *
     * @param needs the kits that it pins
     * @param sdk the SDK that it was made with; none for an SDK, one for a kit
     * @param labels the label versions that it has, 1 or more, of which all kits must have one in common; none when it
     *     fits with all
     */
    record Usable(List<ImageDependency> needs, List<ImageDependency> sdk, Set<Integer> labels) implements Release {
        public Usable {
            needs = List.copyOf(needs);
            sdk = List.copyOf(sdk);
            labels = Set.copyOf(labels);
        }
    }

    /**
     * It cannot be used. Immutable.
     *
     * @param because why, such as {@code it cannot be read: the index is empty}
     */
    record Unusable(String because) implements Release {}
}
