package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageLayout;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.testing.Certificate;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every partition of a variant's disks, held against the checker of its format. */
@Tag("any-jdk")
@Peer({"sgdisk", "e2fsck", "debugfs", "fsck.fat", "mdir", "fsck.erofs", "veritysetup", "dd"})
class DiskCheckersTest {

    private static final String FILE_CONTEXTS = """
            /.*              system_u:object_r:os_t:s0
            /vmlinuz    --   system_u:object_r:kernel_t:s0
            /usr/bin(/.*)?   system_u:object_r:exec_t:s0
            """;

    @TempDir
    Path directory;

    private Path disk;

    /** Cuts a partition out of a disk. */
    private Path partition(int number) {
        String[] words = Command.output("sgdisk", "-i", number, disk).split("[\\s()]+");
        long first = 0;
        long last = 0;
        for (int i = 0; i + 2 < words.length; i++) {
            if (words[i].equals("First") && words[i + 1].equals("sector:")) {
                first = Long.parseLong(words[i + 2]);
            } else if (words[i].equals("Last") && words[i + 1].equals("sector:")) {
                last = Long.parseLong(words[i + 2]);
            }
        }
        Path part = directory.resolve("part-" + number);
        Command.output(
                "dd",
                "if=" + disk,
                "of=" + part,
                "bs=1M",
                "skip=" + first / 2048,
                "count=" + (last + 1 - first) / 2048,
                "conv=sparse",
                "status=none");
        return part;
    }

    private VariantSpec.Builder variant(VariantSpec.Builder v, int gib, String plan, boolean updates, boolean erofs) {
        v.kits("disk-kit")
                .packages("kernel-6.1")
                .imageLayout(new ImageLayout(gib, 1, 22, ImageLayout.PartitionPlan.valueOf(plan)));
        if (!updates) {
            v.without(ImageFeature.IN_PLACE_UPDATES);
        }
        return erofs ? v.with(ImageFeature.EROFS_ROOT_PARTITION) : v;
    }

    private void build(int gib, String plan, boolean updates, boolean erofs) throws Exception {
        Environment environment = Environment.of(Map.of(), directory.resolve("cache"));
        Project project = Twoliter.create(
                directory.resolve("project"),
                ProjectSpec.builder()
                        .releaseVersion("1.0.0")
                        .vendor("acme", "oci:./registry")
                        .addPackage(
                                "kernel-6.1",
                                p -> p.version("1.0")
                                        .summary("A kernel, or so it says")
                                        .license("MIT")
                                        .file("/boot/vmlinuz", "kernel\n".repeat(100_000))
                                        .file("/boot/config", "CONFIG_X=y\n")
                                        .file("/boot/efi/EFI/BOOT/readme.txt", "a long name in a small volume\n")
                                        .script("/usr/bin/hello", "#!/bin/sh\n")
                                        .file("/etc/selinux/fortified/contexts/files/file_contexts", FILE_CONTEXTS)
                                        .symlink("/bin", "usr/bin"))
                        .addKit("disk-kit", k -> k.vendor("acme").packages("kernel-6.1"))
                        .addVariant("metal-disk", v -> variant(v, gib, plan, updates, erofs))
                        .build(),
                environment);
        Path roles = Files.createDirectories(project.directory().resolve("roles"));
        Files.writeString(roles.resolve("default.root.json"), "{\"signed\": {}}");
        Path bundle = Certificate.make(directory).certificate();
        project.plan(b -> b.variant("metal-disk").arch(Arch.X86_64).caBundle(bundle))
                .run();
        disk = project.directory()
                .resolve("build/images/x86_64-metal-disk/latest/bottlerocket-metal-disk-x86_64-1.0.0-00000000.img");
    }

    @ParameterizedTest(name = "{0} GiB, {1}, updates {2}, erofs {3}")
    @CsvSource({"1, UNIFIED, true, true", "2, SPLIT, true, false", "4, SPLIT, false, true"})
    void checkers_find_nothing_wrong(int gib, String plan, boolean updates, boolean erofs) throws Exception {
        build(gib, plan, updates, erofs);
        int last = updates ? 12 : 7;

        assertThat(Command.output("sgdisk", "-v", disk)).contains("No problems found");
        Command.output("fsck.fat", "-n", partition(2));
        assertThat(Command.output("mdir", "-i", partition(2), "::/EFI/BOOT")).containsIgnoringCase("readme");
        Path boot = partition(3);
        Command.output("e2fsck", "-fn", boot);
        assertThat(Command.output("debugfs", "-R", "cat /grub/grub.cfg", boot)).contains("dm-mod.create=");
        assertThat(Command.output("debugfs", "-R", "ea_list /vmlinuz", boot)).contains("kernel_t");
        Path root = partition(4);
        if (erofs) {
            Command.output("fsck.erofs", root);
        } else {
            Command.output("e2fsck", "-fn", root);
            assertThat(Command.output("debugfs", "-R", "ea_list /usr/bin/hello", root))
                    .contains("exec_t");
            assertThat(Command.output("debugfs", "-R", "stat /usr/bin/hello", root))
                    .contains("Mode:  0755");
        }
        String hash = new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(disk.resolveSibling("build-report.json").toFile())
                .path("root")
                .path("verityRootHash")
                .asText();
        Command.output("veritysetup", "verify", root, partition(5), hash);
        Path own = partition(last);
        Command.output("e2fsck", "-fn", own);
        assertThat(Command.output("debugfs", "-R", "cat /bootconfig.data", own).getBytes(StandardCharsets.ISO_8859_1))
                .isNotEmpty();
        if (plan.equals("UNIFIED")) {
            Command.output("e2fsck", "-fn", partition(last + 1));
        } else {
            Path os = disk;
            disk = os.resolveSibling("bottlerocket-metal-disk-x86_64-1.0.0-00000000-data.img");
            assertThat(Command.output("sgdisk", "-v", disk)).contains("No problems found");
            Command.output("e2fsck", "-fn", partition(1));
        }
        assertThat(Files.list(disk.getParent()).map(file -> file.getFileName().toString()))
                .contains("bottlerocket-metal-disk-x86_64-1.0.0-00000000-boot.ext4.lz4");
    }
}
