package dev.twoliter.core.internal;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.PartitionSpec;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images do not tell which JDK made them. */
@EnabledIfEnvironmentVariable(
        named = "TWOLITER_OTHER_JDK",
        matches = ".+",
        disabledReason = "there is no second JDK to compare with")
class OtherJdkTest {
    @TempDir
    Path directory;

    private Project project(String name) throws IOException {
        Project project = Twoliter.create(
                directory.resolve(name),
                ProjectSpec.builder()
                        .releaseVersion("1.0.0")
                        .vendor("acme", "oci:./registry")
                        .addPackage(
                                "kernel-6.1",
                                p -> p.version("1.0")
                                        .summary("A kernel, or so it says")
                                        .license("MIT")
                                        .file("/boot/vmlinuz", "kernel\n".repeat(10_000))
                                        .file("/boot/efi/EFI/BOOT/readme.txt", "text\n")
                                        .file("/usr/share/text", "some text, longer than a line\n".repeat(90_000))
                                        .script("/usr/bin/hello", "#!/bin/sh\n"))
                        .addKit("disk-kit", k -> k.vendor("acme").packages("kernel-6.1"))
                        .addVariant(
                                "metal-raw",
                                v -> v.kits("disk-kit")
                                        .packages("kernel-6.1")
                                        .with(ImageFeature.EROFS_ROOT_PARTITION)
                                        .layout(l -> l.osImageGib(1)
                                                .unified()
                                                .partition(PartitionSpec.of("BLOBS", 40)
                                                        .fat())))
                        .addVariant(
                                "metal-vmdk",
                                v -> v.kits("disk-kit")
                                        .packages("kernel-6.1")
                                        .imageFormat(ImageFormat.VMDK)
                                        .layout(l -> l.osImageGib(1)))
                        .build(),
                Environment.of(Map.of(), directory.resolve("cache")));
        Files.writeString(
                project.directory().resolve("variants/metal-vmdk/template.ovf"), "<a>{{OS_DISK}}{{DATA_DISK}}</a>");
        return project;
    }

    @ParameterizedTest
    @ValueSource(strings = {"metal-raw", "metal-vmdk"})
    void another_jdk_makes_the_same_image(String variant) throws IOException, InterruptedException {
        Project here = project("here");
        Project there = project("there");

        Twoliter.open(here.directory(), Environment.of(Map.of(), directory.resolve("cache")))
                .plan(b -> b.variant(variant).arch(Arch.X86_64))
                .run();
        Path jdk = Path.of(System.getenv("TWOLITER_OTHER_JDK"));
        try (ChildBuild build = ChildBuild.startOn(jdk, there.directory(), directory.resolve("other-cache"), variant)) {
            build.awaitSuccess();
        }

        Path images = Path.of("build/images/x86_64-" + variant, "1.0.0-00000000");
        SameImages.assertSame(
                there.directory().resolve(images), here.directory().resolve(images));
        Path kit = Path.of("build/kits/disk-kit/x86_64/repodata");
        SameImages.assertSame(there.directory().resolve(kit), here.directory().resolve(kit));
    }
}
