package dev.twoliter.core.internal.disk.inspect;

import static dev.twoliter.core.internal.disk.Sample.TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.DiskInspection;
import dev.twoliter.api.DiskInspection.Part;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageLayout;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.Derived;
import dev.twoliter.core.internal.disk.NewFile;
import dev.twoliter.core.internal.disk.erofs.ErofsOptions;
import dev.twoliter.core.internal.disk.erofs.ErofsWriter;
import dev.twoliter.core.internal.disk.ext4.Ext4Options;
import dev.twoliter.core.internal.disk.ext4.Ext4Writer;
import dev.twoliter.core.internal.disk.fat.FatOptions;
import dev.twoliter.core.internal.disk.fat.FatWriter;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import dev.twoliter.core.internal.disk.layout.DiskShape;
import dev.twoliter.core.internal.disk.layout.PartitionPlan;
import dev.twoliter.core.internal.disk.layout.Role;
import dev.twoliter.core.internal.disk.qcow2.Qcow2Writer;
import dev.twoliter.core.internal.disk.raw.DiskImage;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.verity.VerityRoot;
import dev.twoliter.core.internal.disk.verity.VerityTree;
import dev.twoliter.core.internal.disk.vmdk.VmdkWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskInspectorTest {
    private static final PartitionPlan PLAN = PartitionPlan.of(
            new ImageLayout(1, 1, 22, ImageLayout.PartitionPlan.SPLIT), new DiskShape(true, false, false));
    private static final UUID ID = Derived.uuid("seed", "file system");

    @TempDir
    Path dir;

    private Path disk;
    private PartitionTable table;
    private VerityRoot root;

    @BeforeEach
    void makeDisk() throws IOException {
        byte[] noise = new byte[300_000];
        new Random(1).nextBytes(noise);
        Tree tree = Tree.builder()
                .file("/KERNEL", Attributes.root(0644, TIME), ContentSource.of(noise), "test")
                .build();
        Path esp = dir.resolve("esp");
        Path boot = dir.resolve("boot");
        Path erofs = dir.resolve("root");
        Path hash = dir.resolve("hash");
        NewFile.write(esp, out -> FatWriter.write(tree, new FatOptions(5 << 20, 0x1234_ABCD, "EFI", TIME), out));
        NewFile.write(
                boot, out -> Ext4Writer.write(tree, Ext4Options.shrunk(ID, TIME).withLabel("BOOT"), out));
        ErofsOptions options = ErofsOptions.plain(ID, TIME).withCompression(9, 65_536);
        NewFile.write(erofs, out -> ErofsWriter.write(tree, options, out));
        try (FileChannel data = FileChannel.open(erofs)) {
            root = NewFile.write(hash, out -> VerityTree.write(data, out, ID, new byte[32]));
        }
        table = PLAN.os().table("seed");
        disk = dir.resolve("disk.img");
        Map<Integer, Path> contents = Map.of(
                PLAN.slot(Role.EFI_A).number(), esp,
                PLAN.slot(Role.BOOT_A).number(), boot,
                PLAN.slot(Role.ROOT_A).number(), erofs,
                PLAN.slot(Role.HASH_A).number(), hash);
        DiskImage.write(disk, table, contents);
    }

    private static Part part(DiskInspection found, Role role) {
        return found.parts().get(PLAN.slot(role).number() - 1);
    }

    private void check(DiskInspection found, String format) {
        assertThat(found.format()).isEqualTo(format);
        assertThat(found.size()).isEqualTo(1L << 30);
        assertThat(found.id()).contains(table.disk().toString());
        assertThat(found.isIntact()).isTrue();
        assertThat(part(found, Role.EFI_A).content()).isEqualTo("fat12");
        assertThat(part(found, Role.EFI_A).details())
                .containsEntry("label", "EFI")
                .containsEntry("id", "1234-ABCD");
        assertThat(part(found, Role.BOOT_A).content()).isEqualTo("ext4");
        assertThat(part(found, Role.BOOT_A).details())
                .containsEntry("label", "BOOT")
                .containsEntry("uuid", ID.toString())
                .containsEntry("journal", "no");
        assertThat(part(found, Role.ROOT_A).content()).isEqualTo("erofs");
        assertThat(part(found, Role.ROOT_A).details()).containsEntry("compression", "lz4");
        assertThat(part(found, Role.HASH_A).content()).isEqualTo("verity");
        assertThat(part(found, Role.HASH_A).details()).containsEntry("root", root.rootHash());
        assertThat(part(found, Role.PRIVATE).content()).isEqualTo("empty");
    }

    @Test
    void a_disk_shows_its_partitions_and_what_is_in_them() {
        check(DiskInspector.inspect(disk, false), "raw");
        DiskInspection verified = DiskInspector.inspect(disk, true);
        check(verified, "raw");
        for (Role role : new Role[] {Role.EFI_A, Role.BOOT_A, Role.ROOT_A}) {
            assertThat(part(verified, role).details())
                    .containsEntry("files", "1")
                    .containsEntry("content", "300000");
        }
    }

    @Test
    void qcow2_and_vmdk_hold_the_same_disk() throws IOException {
        Path qcow2 = dir.resolve("disk.qcow2");
        Path vmdk = dir.resolve("disk.vmdk");
        try (InputStream raw = Files.newInputStream(disk)) {
            NewFile.write(qcow2, out -> Qcow2Writer.write(raw, 1L << 30, out));
        }
        try (InputStream raw = Files.newInputStream(disk);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(vmdk))) {
            VmdkWriter.write(raw, 1L << 30, "disk.vmdk", 1, out);
        }
        check(DiskInspector.inspect(qcow2, true), "qcow2");
        check(DiskInspector.inspect(vmdk, true), "vmdk");
    }

    @Test
    void a_flipped_bit_is_a_problem_of_its_partition() throws IOException {
        for (Role role : new Role[] {Role.EFI_A, Role.BOOT_A, Role.ROOT_A}) {
            Part before = part(DiskInspector.inspect(disk, false), role);
            long place = before.offset() + (role == Role.EFI_A ? 4 * 512 + 3 : role == Role.BOOT_A ? 1100 : 1070);
            flip(place);
            DiskInspection found = DiskInspector.inspect(disk, true);

            assertThat(part(found, role).problem())
                    .hasValueSatisfying(problem -> assertThat(problem)
                            .contains("partition " + PLAN.slot(role).number()));
            flip(place);
        }
        flip(part(DiskInspector.inspect(disk, false), Role.ROOT_A).offset() + 10_000);
        assertThat(part(DiskInspector.inspect(disk, true), Role.HASH_A).problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("data block 2 does not match"));
        flip(520);
        assertThatThrownBy(() -> DiskInspector.inspect(disk, false))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("partition table");
    }

    private void flip(long place) throws IOException {
        try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, place);
            channel.write(one.put(0, (byte) (one.get(0) ^ 4)).flip(), place);
        }
    }

    @Test
    void a_single_file_system_and_any_other_file_are_one_part() throws IOException {
        DiskInspection found = DiskInspector.inspect(dir.resolve("boot"), true);

        assertThat(found.id()).isEmpty();
        assertThat(found.parts()).hasSize(1);
        assertThat(found.parts().get(0).content()).isEqualTo("ext4");
        Path text = Files.writeString(dir.resolve("text"), "no disk");
        assertThat(DiskInspector.inspect(text, true).parts().get(0).content()).isIn("data", "empty");
        assertThatThrownBy(() -> DiskInspector.inspect(dir.resolve("absent"), true))
                .isInstanceOf(StorageException.class);
    }
}
