package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Content;
import dev.twoliter.api.ContentType;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes with an image for people who build modules for its kernel. */
@Tag("any-jdk")
class KmodKitTest {
    private static final String KIT = "metal-mods-x86_64-kmod-kit-v1.0.0";

    @TempDir
    Path directory;

    private static PackageSpec.Builder described(PackageSpec.Builder spec) {
        return spec.version("1.0").summary("Part of a kernel").license("GPL-2.0-only");
    }

    private Path build(boolean wanted) throws IOException {
        Demo demo = new Demo(directory);
        demo.publishSdk("0.50.0");
        Project project = Twoliter.create(
                directory.resolve("kmods"),
                ProjectSpec.builder()
                        .releaseVersion("1.0.0")
                        .vendor(Demo.VENDOR, Demo.REGISTRY)
                        .sdk("acme-sdk", "0.50.0", Demo.VENDOR)
                        .addPackage("kernel-6.1", p -> described(p).file("/usr/share/kernel", "text\n"))
                        .addPackage(
                                "kernel-6.1-archive",
                                p -> described(p)
                                        .addContent(Content.of(
                                                ContentType.FILE,
                                                "kernel-devel.tar.xz",
                                                "/usr/share/bottlerocket/kernel-devel.tar.xz")))
                        .addKit("kit", k -> k.vendor(Demo.VENDOR).packages("kernel-6.1", "kernel-6.1-archive"))
                        .addVariant("metal-mods", v -> {
                            v.kits("kit").packages("kernel-6.1").layout(l -> l.osImageGib(1));
                            return wanted ? v : v.without(ImageFeature.EXTERNAL_KMOD_DEVELOPMENT);
                        })
                        .build(),
                demo.environment);
        Path development = Files.createDirectories(directory.resolve("tree/kernel-devel/scripts"));
        Files.writeString(development.resolve("Makefile"), "all:\n");
        Files.createSymbolicLink(development.resolve("link"), Path.of("Makefile"));
        Files.createLink(development.resolve("same"), development.resolve("Makefile"));
        Command.output(
                "tar",
                "-C",
                directory.resolve("tree"),
                "-cJf",
                project.directory().resolve("packages/kernel-6.1-archive/kernel-devel.tar.xz"),
                "kernel-devel");
        project.updateLock().write();
        Twoliter.open(project.directory(), demo.environment)
                .plan(b -> b.variant("metal-mods").arch(Arch.X86_64))
                .run();
        return project.directory().resolve("build/images/x86_64-metal-mods/latest");
    }

    @Test
    @Peer({"tar", "xz"})
    void it_has_the_kernels_development_files_and_the_sdks_toolchain() throws IOException {
        Path images = build(true);

        Path archive = images.resolve("bottlerocket-metal-mods-x86_64-1.0.0-00000000-kmod-kit.tar.xz");
        assertThat(images.resolve(KIT + ".tar.xz").toRealPath()).isEqualTo(archive.toRealPath());
        assertThat(images.resolve("bottlerocket-metal-mods-x86_64-v1.0.0-kmod-kit.tar.xz"))
                .isSymbolicLink();
        Path inside = Files.createDirectory(directory.resolve("inside"));
        Command.output("tar", "-C", inside, "-xf", archive);
        Path kit = inside.resolve(KIT);
        assertThat(kit.resolve("kernel-devel/scripts/same")).hasContent("all:\n");
        assertThat(Files.readSymbolicLink(kit.resolve("kernel-devel/scripts/link")))
                .hasToString("Makefile");
        assertThat(kit.resolve("toolchain/bin/gcc")).hasContent("compiler");
        assertThat(Files.isExecutable(kit.resolve("toolchain/bin/cc"))).isTrue();
        assertThat(kit.resolve("etc")).doesNotExist();
    }

    @Test
    @Peer({"tar", "xz"})
    void there_is_none_where_it_is_not_wanted() throws IOException {
        Path images = build(false);

        assertThat(images.resolve(KIT + ".tar.xz")).doesNotExist();
        assertThat(images.resolve("bottlerocket-metal-mods-x86_64-1.0.0-00000000.img"))
                .exists();
    }
}
