package dev.twoliter.core.internal.scaffold;

import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.NewProject;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/**
 * The templates, as specifications (seed-design.md, Directory Structure and Twoliter New). Build scripts are those of
 * today's upstream, one for all packages (project-formats.md 4), not the design's one for each. Stateless.
 */
public final class Templates {

    private static final String PACKAGE = "hello-agent";
    private static final String KIT = "hello-dev-kit";

    private Templates() {}

    /**
     * Specifies a new project.
     *
     * @param project what was asked for
     * @return its specification
     */
    public static ProjectSpec project(NewProject project) {
        ProjectSpec.Builder spec = ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .projectVendor(project.name())
                .addPackage(newPackage(PACKAGE, project.template()))
                .addKit(KIT, kit -> kit.packages(PACKAGE));
        return switch (project.template()) {
            case DECLARATIVE ->
                spec.vendor("local", "oci:./" + StandInSdk.REGISTRY)
                        .sdk(StandInSdk.NAME, StandInSdk.VERSION, "local")
                        .addVariant(
                                project.variant(),
                                v -> v.kits(KIT).packages(PACKAGE).with(ImageFeature.EROFS_ROOT_PARTITION))
                        .build();
            // The kits of Bottlerocket 1.50: they agree on an SDK, so none is named here. An update finds newer ones.
            case SPEC ->
                spec.vendor("bottlerocket", "public.ecr.aws/bottlerocket")
                        .dependsOnKit("bottlerocket-kernel-kit", "2.3.3", "bottlerocket")
                        .dependsOnKit("bottlerocket-core-kit", "8.1.0", "bottlerocket")
                        .addVariant(project.variant(), v -> v.kits(KIT).packages("release", "kernel-6.1", PACKAGE))
                        .build();
        };
    }

    /**
     * Specifies a new package.
     *
     * @param name its name
     * @param template what it is made of
     * @return its specification, with its sources
     */
    public static PackageSpec newPackage(String name, Template template) {
        PackageSpec.Builder spec = PackageSpec.builder(name);
        return switch (template) {
            case DECLARATIVE ->
                spec.version("0.1.0")
                        .summary("Greets the machine at boot")
                        .license("Apache-2.0 OR MIT")
                        .script("/usr/bin/" + name, text("agent.sh", name))
                        .file("/usr/lib/systemd/system/" + name + ".service", text("agent.service", name))
                        .build();
            case SPEC ->
                spec.specFile(text("agent.spec", name))
                        .source(name + ".service", bytes("agent.service", name))
                        .sourceGroup(
                                name,
                                Map.of("Cargo.toml", bytes("crate.toml", name), "src/main.rs", bytes("main.rs", name)))
                        .build();
        };
    }

    private static byte[] bytes(String resource, String name) {
        return text(resource, name).getBytes(StandardCharsets.UTF_8);
    }

    private static String text(String resource, String name) {
        try (InputStream in = Objects.requireNonNull(Templates.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@NAME@", name)
                    .replace("@CRATE@", name.replace('.', '_'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
