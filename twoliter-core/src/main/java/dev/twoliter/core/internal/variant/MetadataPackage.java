package dev.twoliter.core.internal.variant;

import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.core.internal.plan.Work;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RpmBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The package without files that tells other packages what the variant is: their conditional dependencies ask for these
 * capabilities (variant-image.md 8).
 */
final class MetadataPackage {

    static final String NAME = "bottlerocket-metadata";

    private static final String VERSION = "1.0";
    private static final String RELEASE = "1";

    private MetadataPackage() {}

    static void write(Work.Variant work, Path directory) {
        RpmBuilder.builder(NAME, VERSION, RELEASE)
                .arch(work.arch().rpmName())
                .summary("Properties of the variant " + work.variant().name())
                .license("Apache-2.0 OR MIT")
                .buildTime(Instant.ofEpochSecond(work.stamp().epochSeconds()))
                .provides(capabilities(work.variant()).stream()
                        .map(Relation::parse)
                        .toList())
                .writeTo(directory.resolve(NAME + "-" + VERSION + "-" + RELEASE + "." + work.arch() + ".rpm"));
    }

    static List<String> capabilities(VariantSpec variant) {
        List<String> all = new ArrayList<>();
        all.add("bottlerocket-variant(" + variant.name() + ")");
        all.add("bottlerocket-variant-platform(" + variant.platform() + ")");
        all.add("bottlerocket-variant-runtime(" + variant.runtime() + ")");
        all.add("bottlerocket-variant-family(" + variant.family() + ")");
        all.add("bottlerocket-variant-flavor(" + variant.flavor().orElse("none") + ")");
        for (ImageFeature feature : ImageFeature.values()) {
            all.add("bottlerocket-image-feature(" + (variant.has(feature) ? "" : "no-") + feature.key() + ")");
        }
        return all;
    }
}
