package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.EngineException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Project;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.api.VerificationException;
import dev.twoliter.api.plan.RepackResult;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other trust for finished images. */
@Tag("any-jdk")
class RepackTest {
    private static final String STEM = "bottlerocket-metal-disk-x86_64-1.0.0-00000000";
    private static final long ROOT_A = (1L + 4 + 5 + 20) << 20;

    @TempDir
    Path directory;

    private Path oldRoot;
    private Path newRoot;

    @BeforeEach
    void make_roots() throws IOException {
        oldRoot = Files.writeString(directory.resolve("old.json"), "{\"signed\": 1}\n");
        newRoot = Files.writeString(directory.resolve("new.json"), "{\"signed\": 2, \"longer\": true}\n");
    }

    private Environment environment() {
        return Environment.of(Map.of(), directory.resolve("cache"));
    }

    private Project project(UnaryOperator<VariantSpec.Builder> variant) {
        return Twoliter.create(
                directory.resolve("project"),
                SmallSystem.spec(p -> p.file("/usr/share/text", "some text\n".repeat(50_000)), variant)
                        .build(),
                environment());
    }

    private Path build(Project project, Path updateRoot) throws IOException {
        project.plan(b -> b.variant("metal-disk").arch(Arch.X86_64).updateRoot(updateRoot))
                .run();
        return project.directory()
                .resolve("build/images/x86_64-metal-disk/latest")
                .toRealPath();
    }

    private void assertRepackedLikeBuilt(UnaryOperator<VariantSpec.Builder> variant) throws IOException {
        Project project = project(variant);
        build(project, oldRoot);

        RepackResult result =
                project.repack("metal-disk", r -> r.arch(Arch.X86_64).updateRoot(newRoot));

        Path repacked = project.directory().resolve("build/repacked/x86_64-metal-disk");
        assertThat(result.directory()).isEqualTo(repacked.resolve("1.0.0-00000000"));
        assertThat(repacked.resolve("latest").toRealPath())
                .isEqualTo(result.directory().toRealPath());
        SameImages.assertSame(result.directory(), build(project, newRoot));
        assertThat(Files.readString(result.directory().resolve("build-report.json")))
                .contains(result.rootHash());
    }

    @Test
    void a_repacked_image_is_what_a_build_would_have_made() throws IOException {
        assertRepackedLikeBuilt(v -> v.with(ImageFeature.EROFS_ROOT_PARTITION));
    }

    @Test
    void a_root_of_ext4_is_written_anew_too() throws IOException {
        assertRepackedLikeBuilt(v -> v.without(ImageFeature.EROFS_ROOT_PARTITION));
    }

    @Test
    void a_qcow2_image_can_be_repacked() throws IOException {
        assertRepackedLikeBuilt(v -> v.imageFormat(ImageFormat.QCOW2));
    }

    @Test
    void a_vmdk_image_gets_another_ova() throws IOException {
        Project project = project(v -> v.imageFormat(ImageFormat.VMDK));
        Files.writeString(
                project.directory().resolve("variants/metal-disk/template.ovf"), "<a>{{OS_DISK}}{{DATA_DISK}}</a>");
        build(project, oldRoot);

        RepackResult result =
                project.repack("metal-disk", r -> r.arch(Arch.X86_64).updateRoot(newRoot));

        SameImages.assertSame(result.directory(), build(project, newRoot));
    }

    @Test
    void the_compressed_disk_alone_is_enough_and_the_result_goes_where_it_shall() throws IOException {
        Project project = project(v -> v);
        Path finished = build(project, oldRoot);
        Files.delete(finished.resolve(STEM + ".img"));
        Path elsewhere = directory.resolve("elsewhere");
        Files.move(finished, elsewhere);
        Path output = directory.resolve("some/output");

        RepackResult result = project.repack(
                "metal-disk",
                r -> r.arch(Arch.X86_64).image(elsewhere).output(output).updateRoot(newRoot));

        assertThat(result.directory()).isEqualTo(output);
        SameImages.assertSame(output, build(project, newRoot));
        assertThatThrownBy(() -> project.repack(
                        "metal-disk", r -> r.arch(Arch.X86_64).image(elsewhere).output(output)))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining(output + " is not empty");
    }

    @Test
    @Peer({"mkfs.erofs", "fsck.erofs", "veritysetup", "mke2fs", "debugfs", "dd", "truncate"})
    void file_systems_of_other_programs_are_taken_too() throws IOException {
        Project project = project(v -> v.with(ImageFeature.EROFS_ROOT_PARTITION));
        Path disk = build(project, oldRoot).resolve(STEM + ".img");
        NativeParts parts = new NativeParts(disk, directory);
        parts.remake();

        Path repacked = project.repack("metal-disk", r -> r.arch(Arch.X86_64).updateRoot(newRoot))
                .directory()
                .resolve(STEM + ".img");

        assertThat(Twoliter.verifyDisk(repacked).parts())
                .allMatch(part -> part.problem().isEmpty());
        Path tree = parts.extract(repacked);
        assertThat(tree.resolve("usr/share/updog/root.json")).hasSameTextualContentAs(newRoot);
        assertThat(tree.resolve("usr/share/text")).hasContent("some text\n".repeat(50_000));
        assertThat(tree.resolve("usr/bin/hello")).isExecutable();
    }

    @Test
    void a_damaged_root_is_refused_and_nothing_is_left() throws IOException {
        Project project = project(v -> v);
        Path finished = build(project, oldRoot);
        try (RandomAccessFile disk =
                new RandomAccessFile(finished.resolve(STEM + ".img").toFile(), "rw")) {
            disk.seek(ROOT_A + 5000);
            disk.write(0x55);
        }

        assertThatThrownBy(() -> project.repack("metal-disk", r -> r.arch(Arch.X86_64)))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("data block 1 does not match");
        assertThat(project.directory().resolve("build/repacked")).doesNotExist();
        assertThat(project.directory().resolve("build/state/scratch/repack")).doesNotExist();
    }

    @Test
    void a_disk_with_other_partitions_than_the_variants_is_refused() throws IOException {
        Project project = project(v -> v);
        build(project, oldRoot);
        Path cargo = project.directory().resolve("variants/metal-disk/Cargo.toml");
        Files.writeString(cargo, Files.readString(cargo).replace("os-image-size-gib = 1", "os-image-size-gib = 2"));
        Project changed = Twoliter.open(project.directory(), environment());

        assertThatThrownBy(() -> changed.repack("metal-disk", r -> r.arch(Arch.X86_64)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("is not the variant's BOTTLEROCKET-BOOT-A of 40 MiB");
    }

    @Test
    void what_is_missing_is_named() throws IOException {
        Project project = project(v -> v);

        assertThatThrownBy(() -> project.repack("metal-disk", r -> r.arch(Arch.X86_64)))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("there is no finished image of variant 'metal-disk' for x86_64");
        assertThatThrownBy(() -> project.repack("other", r -> r))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("the project has no variant 'other'");
        assertThatThrownBy(() -> project.repack("metal-disk", r -> r.caBundle(directory.resolve("none.pem"))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("none.pem");
        Path cargo = project.directory().resolve("variants/metal-disk/Cargo.toml");
        build(project, oldRoot);
        Files.writeString(
                cargo,
                Files.readString(cargo)
                        + "\n[package.metadata.build-variant.image-features]\nuefi-secure-boot = true\n");
        Project secure = Twoliter.open(project.directory(), environment());
        assertThatThrownBy(() -> secure.repack("metal-disk", r -> r.arch(Arch.X86_64)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("there are no keys");
    }
}
