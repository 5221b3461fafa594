package dev.twoliter.core.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.ImageLayout;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.PartitionSpec;
import dev.twoliter.api.Project;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a variant's disks are written as, and which partitions they have. */
@Tag("any-jdk")
class DiskFormatsTest {
    private static final String STEM = "bottlerocket-metal-disk-x86_64";

    private static final String TEMPLATE = """
            <Envelope>
              <File href="{{OS_DISK}}"/><File href="{{DATA_DISK}}"/>
              <Disk capacity="{{OS_DISK_BYTES}}"/><Disk capacity="{{DATA_DISK_BYTES}}"/>
            </Envelope>
            """;

    @TempDir
    Path directory;

    private Project project(UnaryOperator<VariantSpec.Builder> variant) {
        return Twoliter.create(
                directory.resolve("project"),
                SmallSystem.spec(p -> p.file("/boot/efi/EFI/BOOT/readme.txt", "text\n"), variant)
                        .build(),
                Environment.of(Map.of(), directory.resolve("cache")));
    }

    private Path build(UnaryOperator<VariantSpec.Builder> variant) {
        return build(project(variant));
    }

    private static Path build(Project project) {
        project.plan(b -> b.variant("metal-disk").arch(Arch.X86_64)).run();
        return project.directory().resolve("build/images/x86_64-metal-disk/latest");
    }

    private static List<String> names(Path images) throws IOException {
        try (Stream<Path> all = Files.list(images)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(STEM))
                    .sorted()
                    .toList();
        }
    }

    @Test
    @Peer({"qemu-img", "sgdisk"})
    void a_qcow2_variant_is_the_raw_disk_in_another_file() throws IOException {
        Project project = project(v -> v.imageFormat(ImageFormat.QCOW2));
        Path images = build(project);
        assertThat(names(images))
                .contains(STEM + ".qcow2", STEM + "-1.0.0-00000000.qcow2", STEM + "-v1.0.0-data.qcow2")
                .noneMatch(name -> name.contains(".img"));
        Path kept = Files.createDirectory(directory.resolve("kept"));
        for (String suffix : List.of("", "-data")) {
            Files.copy(images.resolve(STEM + suffix + ".qcow2"), kept.resolve("disk" + suffix));
        }
        Path cargo = project.directory().resolve("variants/metal-disk/Cargo.toml");
        Files.writeString(cargo, Files.readString(cargo).replace("image-format = \"qcow2\"\n", ""));

        Path raw = build(Twoliter.open(project.directory(), Environment.of(Map.of(), directory.resolve("cache"))));

        for (String suffix : List.of("", "-data")) {
            Path qcow2 = kept.resolve("disk" + suffix);
            assertThat(Command.output("qemu-img", "check", qcow2)).contains("No errors");
            Path image = raw.resolve(STEM + "-1.0.0-00000000" + suffix + ".img");
            // The root says which format it is for, so this is the same system on the same partitions.
            Path converted = directory.resolve("converted" + suffix);
            Command.output("qemu-img", "convert", "-O", "raw", qcow2, converted);
            assertThat(Files.size(converted)).isEqualTo(Files.size(image));
            assertThat(Twoliter.verifyDisk(converted).parts())
                    .isNotEmpty()
                    .allMatch(part -> part.problem().isEmpty());
            assertThat(partitions(converted)).isEqualTo(partitions(image));
        }
        assertThat(Command.output(
                        "qemu-img",
                        "compare",
                        kept.resolve("disk-data"),
                        raw.resolve(STEM + "-1.0.0-00000000-data.img")))
                .contains("identical");
    }

    private static List<String> partitions(Path disk) {
        return Command.output("sgdisk", "-p", disk)
                .lines()
                .filter(line -> line.matches(" +[0-9].*"))
                .toList();
    }

    @Test
    @Peer({"qemu-img", "tar", "sha256sum"})
    void a_vmdk_variant_comes_with_an_ova_of_the_maintainers_template() throws IOException {
        Project project = project(v -> v.imageFormat(ImageFormat.VMDK).layout(l -> l.dataImageGib(2)));
        Files.writeString(project.directory().resolve("variants/metal-disk/template.ovf"), TEMPLATE);

        Path images = build(project);

        assertThat(Command.output("qemu-img", "check", images.resolve(STEM + ".vmdk")))
                .contains("No errors");
        String stem = STEM + "-1.0.0-00000000";
        Path inside = Files.createDirectory(directory.resolve("ova"));
        Command.output("tar", "-xf", images.resolve(STEM + ".ova"), "-C", inside);
        assertThat(Command.output("tar", "-tf", images.resolve(STEM + ".ova")).lines())
                .containsExactly(stem + ".ovf", stem + ".mf", stem + ".vmdk", stem + "-data.vmdk");
        assertThat(inside.resolve(stem + ".ovf")).hasContent("""
                <Envelope>
                  <File href="%1$s.vmdk"/><File href="%1$s-data.vmdk"/>
                  <Disk capacity="1073741824"/><Disk capacity="22548578304"/>
                </Envelope>
                """.formatted(stem));
        for (String line : Files.readAllLines(inside.resolve(stem + ".mf"), UTF_8)) {
            String file = line.substring("SHA256(".length(), line.indexOf(')'));
            assertThat(Command.output("sha256sum", inside.resolve(file)))
                    .startsWith(line.substring(line.length() - 64));
        }
    }

    @Test
    void a_template_that_cannot_be_filled_is_refused_before_anything_is_built() throws IOException {
        Project project = project(v -> v.imageFormat(ImageFormat.VMDK));
        Path template = project.directory().resolve("variants/metal-disk/template.ovf");

        assertThatThrownBy(() -> build(project))
                .isInstanceOf(TwoliterException.class)
                .hasMessageContaining("there is no " + template);
        Files.writeString(template, "<Disk>{{OS_DISK}}</Disk>");
        assertThatThrownBy(() -> build(project)).hasMessageContaining("has no {{DATA_DISK}}");
        Files.writeString(template, "<Disk>{{OS_DISK}}{{DATA_DISK}}{{OTHER}}</Disk>");
        assertThatThrownBy(() -> build(project)).hasMessageContaining("{{OTHER}}");
        assertThat(project.directory().resolve("build/rpms")).doesNotExist();
    }

    @Test
    @Peer({"sgdisk", "dd", "e2fsck", "fsck.fat", "dumpe2fs"})
    void own_partitions_are_there_formatted_as_they_say() throws IOException {
        Path images = build(v -> v.layout(l -> l.unified()
                .partition(PartitionSpec.of("ACME-LOGS", 64).ext4())
                .partition(PartitionSpec.of("ACME-SHARED", 40).fat())
                .partition(PartitionSpec.of("ACME-RAW", 1))
                .resized("BOTTLEROCKET-PRIVATE", 32)));
        Path disk = images.resolve(STEM + "-1.0.0-00000000.img");

        assertThat(Command.output("sgdisk", "-v", disk)).contains("No problems found");
        assertThat(Command.output("sgdisk", "-p", disk)
                        .lines()
                        .map(line -> line.strip().replaceAll("  +", " ")))
                .anyMatch(line -> line.startsWith("12 2058240 2123775 32.0 MiB"))
                .anyMatch(line -> line.startsWith("13 2123776 2254847 64.0 MiB") && line.endsWith("ACME-LOGS"))
                .anyMatch(line -> line.startsWith("14 2254848 2336767 40.0 MiB") && line.endsWith("ACME-SHARED"))
                .anyMatch(line -> line.startsWith("15 2336768 2338815 1024.0 KiB") && line.endsWith("ACME-RAW"))
                .anyMatch(line -> line.startsWith("16 2338816 4435967 1024.0 MiB"));
        Path logs = cut(disk, 2123776, 2254848);
        Command.output("e2fsck", "-fn", logs);
        assertThat(Command.output("dumpe2fs", "-h", logs)).contains("has_journal");
        Command.output("fsck.fat", "-n", cut(disk, 2254848, 2336768));
    }

    private Path cut(Path disk, long first, long end) {
        Path part = directory.resolve("part-" + first);
        Command.output(
                "dd",
                "if=" + disk,
                "of=" + part,
                "bs=1M",
                "skip=" + first / 2048,
                "count=" + (end - first) / 2048,
                "conv=sparse",
                "status=none");
        return part;
    }

    @Test
    void partitions_that_overlap_are_refused_before_anything_is_built() {
        Project project = project(
                v -> v.layout(l -> l.partition(PartitionSpec.of("ACME", 8).atMib(1000))));

        assertThatThrownBy(() -> build(project))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("metal-disk")
                .hasMessageContaining("ACME (MiB 1000 to 1008) overlaps BOTTLEROCKET-RESERVED-B");
    }

    @Test
    @Peer("sgdisk")
    void a_standalone_image_has_one_disk_with_nothing_that_persists() throws IOException {
        Path images = build(v -> v.with(ImageFeature.STANDALONE_IMAGE).imageLayout(ImageLayout.STANDALONE));

        assertThat(names(images)).noneMatch(name -> name.contains("-data"));
        Path disk = images.resolve(STEM + "-1.0.0-00000000.img");
        assertThat(Command.output("sgdisk", "-v", disk)).contains("No problems found");
        assertThat(Command.output("sgdisk", "-p", disk))
                .contains("BOTTLEROCKET-ROOT-A")
                .doesNotContain("BOTTLEROCKET-PRIVATE");
    }
}
