package dev.twoliter.core.internal;

import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.VariantSpec;
import java.util.function.UnaryOperator;

/** A project with a kernel, or what passes for one, and a variant with disks of 1 GiB. */
final class SmallSystem {
    static final String VARIANT = "metal-disk";

    private SmallSystem() {}

    static ProjectSpec.Builder spec(
            UnaryOperator<PackageSpec.Builder> more, UnaryOperator<VariantSpec.Builder> variant) {
        return ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .vendor("acme", "oci:./registry")
                .addPackage(
                        "kernel-6.1",
                        p -> more.apply(p.version("1.0")
                                .summary("A kernel, or so it says")
                                .license("MIT")
                                .file("/boot/vmlinuz", "kernel\n".repeat(10_000))
                                .script("/usr/bin/hello", "#!/bin/sh\n")))
                .addKit("disk-kit", k -> k.vendor("acme").packages("kernel-6.1"))
                .addVariant(VARIANT, v -> variant.apply(small(v)));
    }

    /** A variant with everything in it. */
    static VariantSpec.Builder small(VariantSpec.Builder variant) {
        return variant.kits("disk-kit").packages("kernel-6.1").layout(l -> l.osImageGib(1));
    }
}
