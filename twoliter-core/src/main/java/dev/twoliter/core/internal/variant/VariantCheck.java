package dev.twoliter.core.internal.variant;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import dev.twoliter.api.Subject;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.core.internal.disk.layout.DiskShape;
import dev.twoliter.core.internal.disk.layout.LayoutException;
import dev.twoliter.core.internal.disk.layout.PartitionPlan;
import dev.twoliter.core.internal.image.Ova;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.Work;
import java.util.List;

/** Refuses, before anything runs, what cannot become an image. */
public final class VariantCheck {

    private VariantCheck() {}

    /**
     * Checks a variant.
     *
     * @param work the variant
     * @param paths the project
     * @throws EngineException if it asks for what this version cannot write
     * @throws InvalidProjectException if its partitions do not go together
     */
    public static void require(Work.Variant work, ProjectPaths paths) {
        VariantSpec variant = work.variant();
        if (variant.packages().isEmpty()) {
            refuse(
                    variant,
                    "includes no packages",
                    "List them as included-packages in variants/" + variant.name() + "/Cargo.toml.");
        }
        if (variant.imageFormat() == ImageFormat.EIF) {
            refuse(
                    variant,
                    "asks for image-format \"eif\", but enclave images cannot be written yet",
                    "Build it with upstream's twoliter.");
        }
        requireLayout(variant);
        if (variant.imageFormat() == ImageFormat.VMDK) {
            Ova.check(variant, paths.variantDirectory(variant.name()).resolve(Ova.TEMPLATE));
        }
    }

    private static void requireLayout(VariantSpec variant) {
        try {
            PartitionPlan.of(variant.imageLayout(), DiskShape.of(variant));
        } catch (LayoutException e) {
            throw new InvalidProjectException(
                    List.of(Problem.error("package.metadata.build-variant.image-layout.partitions", e.problem())
                            .withHint(e.hint())
                            .of(Subject.ofVariant(variant.name()))));
        }
    }

    private static void refuse(VariantSpec variant, String why, String hint) {
        throw new EngineException("variant '" + variant.name() + "' " + why, hint, null);
    }
}
