package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Content;
import dev.twoliter.api.ContentType;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernel modules of several packages in one root. */
@Tag("any-jdk")
class KernelModulesTest {
    private static final String MODULES = "/usr/lib/modules/6.1.0/";

    private static final String HELPER = """
            const char info[] __attribute__((section(".modinfo"))) = "alias=pci:v00001AF4d*";
            int __crc_helper_function;
            void helper_function(void) { }
            """;

    private static final String USER = """
            extern void helper_function(void);
            extern void kernel_function(void);
            const char info[] __attribute__((section(".modinfo"))) = "alias=acme-device";
            void use(void) { helper_function(); kernel_function(); }
            """;

    @TempDir
    Path directory;

    private Path image(String systemMap, boolean erofs) throws IOException {
        ProjectSpec.Builder spec = ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .vendor("acme", "oci:./registry")
                .addPackage(
                        "kernel-6.1",
                        p -> described(p)
                                .file(MODULES + "System.map", systemMap)
                                .file(MODULES + "modules.order", "kernel/drivers/helper.ko\n")
                                .file(MODULES + "modules.builtin", "kernel/fs/ext4/ext4.ko\n")
                                .addContent(Content.of(
                                        ContentType.FILE, "helper.ko.xz", MODULES + "kernel/drivers/helper.ko.xz")))
                .addPackage(
                        "kmod-acme",
                        p -> described(p)
                                .addContent(Content.of(
                                        ContentType.FILE, "acme.ko.zst", MODULES + "extra/acme-user.ko.zst")))
                .addKit("kit", k -> k.vendor("acme").packages("kernel-6.1", "kmod-acme"))
                .addVariant("metal-mods", v -> {
                    v.kits("kit")
                            .packages("kernel-6.1", "kmod-acme")
                            .layout(l -> l.osImageGib(1).unified());
                    return erofs ? v.with(ImageFeature.EROFS_ROOT_PARTITION) : v;
                });
        Environment environment = Environment.of(Map.of(), directory.resolve("cache"));
        Project project = Twoliter.create(directory.resolve("project"), spec.build(), environment);
        compile(HELPER, "helper.o");
        compile(USER, "user.o");
        Path packages = project.directory().resolve("packages");
        Command.output(
                "sh", "-c", "xz -c " + directory.resolve("helper.o") + " > " + packages + "/kernel-6.1/helper.ko.xz");
        Command.output("zstd", "-q", directory.resolve("user.o"), "-o", packages.resolve("kmod-acme/acme.ko.zst"));
        Twoliter.open(project.directory(), environment)
                .plan(b -> b.variant("metal-mods").arch(Arch.X86_64))
                .run();
        return project.directory()
                .resolve("build/images/x86_64-metal-mods/latest/bottlerocket-metal-mods-x86_64-root.ext4.lz4");
    }

    private static PackageSpec.Builder described(PackageSpec.Builder spec) {
        return spec.version("1.0").summary("Part of a kernel").license("GPL-2.0-only");
    }

    private void compile(String text, String object) throws IOException {
        Path source = Files.writeString(directory.resolve(object + ".c"), text);
        Command.output("gcc", "-c", "-o", directory.resolve(object), source);
    }

    private Path extracted(Path image) throws IOException {
        Path plain = directory.resolve("root.erofs");
        Command.output("lz4", "-dfq", image, plain);
        Path root = directory.resolve("root");
        Command.output("fsck.erofs", "--extract=" + root, plain);
        return root;
    }

    @Test
    @Peer({"gcc", "xz", "zstd", "lz4", "fsck.erofs", "modprobe"})
    void modules_of_other_packages_are_found_with_what_they_need() throws IOException {
        Path root = extracted(image("ffffffff81000000 r __ksymtab_kernel_function\n", true))
                .resolve("usr");

        String needs = Command.output(
                "modprobe", "-d", root, "-S", "6.1.0", "-C", "/dev/null", "--show-depends", "acme-device");
        assertThat(needs.lines().map(line -> line.strip().replaceFirst(".*/modules/6.1.0/", "")))
                .containsExactly("kernel/drivers/helper.ko", "extra/acme-user.ko");
        Path modules = root.resolve("lib/modules/6.1.0");
        assertThat(modules.resolve("System.map")).doesNotExist();
        assertThat(modules.resolve("kernel/drivers/helper.ko.xz")).doesNotExist();
        assertThat(modules.resolve("modules.dep"))
                .hasContent("kernel/drivers/helper.ko:\nextra/acme-user.ko: kernel/drivers/helper.ko\n");
    }

    @Test
    @Peer({"gcc", "xz", "zstd"})
    void on_ext4_modules_stay_compressed() throws IOException {
        Path images =
                image("ffffffff81000000 r __ksymtab_kernel_function\n", false).getParent();

        assertThat(Files.readString(images.resolve("root-tree.txt")))
                .contains(MODULES + "extra/acme-user.ko.zst", MODULES + "modules.dep.bin");
    }

    @Test
    @Peer({"gcc", "xz", "zstd"})
    void a_symbol_that_nobody_has_ends_the_build() {
        assertThatThrownBy(() -> image("ffffffff81000000 r __ksymtab_other\n", true))
                .isInstanceOf(TwoliterException.class)
                .hasMessageContaining("extra/acme-user.ko needs kernel_function");
    }
}
