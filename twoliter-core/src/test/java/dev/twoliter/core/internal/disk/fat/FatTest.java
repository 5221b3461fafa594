package dev.twoliter.core.internal.disk.fat;

import static dev.twoliter.core.internal.disk.Sample.TIME;
import static dev.twoliter.core.internal.disk.Sample.lying;
import static dev.twoliter.core.internal.disk.Sample.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.NewFile;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeBuilder;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FatTest {
    private static final int MIB = 1 << 20;
    /** FAT counts in steps of two seconds. */
    private static final Attributes ANY = Attributes.root(0755, TIME & ~1);

    @TempDir
    Path dir;

    private static FatOptions options(int mib) {
        return new FatOptions((long) mib * MIB, 0xB077_1E50, "EFI", TIME);
    }

    private static Tree tree() {
        TreeBuilder tree = Tree.builder()
                .directory("/", Attributes.root(0755, 0).withMtime(315_532_800), "test") // FAT keeps no time of it
                .directory("/EFI", ANY, "test")
                .directory("/EFI/BOOT", ANY, "test")
                .directory("/EFI/empty directory", ANY, "test");
        Random random = new Random(1);
        for (int size : new int[] {0, 1, 511, 512, 513, 2047, 2048, 2049, 4096, 300_000}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            tree.file("/sizes/" + size + ".bin", ANY, ContentSource.of(bytes), "test");
        }
        for (int i = 0; i < 150; i++) {
            tree.file("/many/a rather long name " + i, ANY, ContentSource.of(new byte[] {(byte) i}), "test");
        }
        for (String name : new String[] {
            "BOOTX64.EFI",
            "grubx64.efi",
            "db.crt",
            "Mixed.Case",
            "größe €",
            ".hidden",
            "two.dots.txt",
            "x".repeat(255),
            "13 characters"
        }) {
            tree.file("/EFI/BOOT/" + name, ANY, ContentSource.of(name.getBytes()), "test");
        }
        return tree.directory("/sizes", ANY, "test")
                .directory("/many", ANY, "test")
                .build();
    }

    private Path image(Tree tree, FatOptions options, String name) {
        Path image = dir.resolve(name);
        NewFile.write(image, out -> FatWriter.write(tree, options, out));
        return image;
    }

    private static String read(Path file) throws IOException {
        try (FileChannel image = FileChannel.open(file, StandardOpenOption.READ)) {
            return manifest(FatReader.read(image, "bad.fat"));
        }
    }

    private static FatVolume volume(Path file) throws IOException {
        try (FileChannel image = FileChannel.open(file, StandardOpenOption.READ)) {
            return FatReader.volume(image, "bad.fat");
        }
    }

    /** With what a reader of FAT gives for attributes. */
    private static String expected() throws IOException {
        return manifest(tree().withAttributes(
                        inode -> inode.path().equals("/") ? Attributes.root(0755, 0) : inode.attributes()));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 20, 600})
    void a_volume_of_each_type_reads_back_as_the_tree_it_was_made_of(int mib) throws IOException {
        Path image = image(tree(), options(mib), "efi.fat");

        assertThat(image).hasSize((long) mib * MIB);
        assertThat(read(image)).isEqualTo(expected());
        assertThat(volume(image).id()).isEqualTo("B077-1E50");
        assertThat(volume(image).label()).isEqualTo("EFI");
        assertThat(volume(image).bits()).isEqualTo(mib == 5 ? 12 : mib == 20 ? 16 : 32);
    }

    @Test
    void the_same_tree_gives_the_same_bytes() {
        assertThat(image(tree(), options(5), "a.fat")).hasSameBinaryContentAs(image(tree(), options(5), "b.fat"));
    }

    @Test
    void what_fat_cannot_store_is_refused() {
        Tree empty = Tree.builder().build();
        ContentSource content = ContentSource.of(new byte[1]);
        TreeBuilder crowded = Tree.builder();
        for (int i = 0; i < 600; i++) {
            crowded.file("/FILE" + i, ANY, content, "test");
        }
        Map<String, Tree> refused = Map.of(
                "link /l",
                empty.toBuilder().symlink("/l", ANY, "x", "test").build(),
                "name of /a:b",
                empty.toBuilder().file("/a:b", ANY, content, "test").build(),
                "differ in case only: /b",
                empty.toBuilder()
                        .file("/B", ANY, content, "test")
                        .file("/b", ANY, content, "test")
                        .build(),
                "root directory of a FAT12 volume is too small",
                crowded.build(),
                "EFI: needs 6000640 bytes",
                empty.toBuilder()
                        .file("/f", ANY, ContentSource.of(new byte[6_000_000]), "test")
                        .build());
        refused.forEach((message, tree) -> assertThatThrownBy(() -> image(tree, options(5), "odd.fat"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message));
        assertThatThrownBy(() -> image(empty, options(0), "odd.fat")).hasMessageContaining("cannot have 0 bytes");
    }

    @Test
    void a_file_that_is_not_of_the_size_it_said_is_an_error_that_names_it() {
        for (int actual : new int[] {9, 11}) {
            Tree tree = Tree.builder()
                    .file("/f", ANY, lying(10, actual), "liar.rpm")
                    .build();

            assertThatThrownBy(() -> image(tree, options(5), "lie.fat"))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("/f of liar.rpm");
        }
    }

    @Test
    void damaged_volumes_give_format_errors_only() throws IOException {
        Tree tree = Tree.builder()
                .file("/D/a long name of a file", ANY, ContentSource.of(new byte[9000]), "test")
                .file("/D/G", ANY, ContentSource.of(new byte[50]), "test")
                .build();
        byte[] good = Files.readAllBytes(image(tree, options(1), "good.fat"));
        Path bad = dir.resolve("bad.fat");
        for (int length = 0; length < good.length; length += 9973) {
            assertThat(tryToRead(bad, Arrays.copyOf(good, length))).isFalse();
        }
        Files.write(bad, good);
        int refused = 0;
        try (FileChannel image = FileChannel.open(bad, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (int at = 0; at < good.length; at++) {
                for (int flip : good[at] != 0 || at < 512 ? new int[] {1, 0x80, 0xFF} : new int[0]) {
                    image.write(ByteBuffer.wrap(new byte[] {(byte) (good[at] ^ flip)}), at);
                    refused += isRead(image) ? 0 : 1;
                }
                image.write(ByteBuffer.wrap(good, at, good[at] != 0 || at < 512 ? 1 : 0), at);
            }
        }
        assertThat(refused).isGreaterThan(200);
    }

    @Test
    void two_files_cannot_share_a_cluster_and_a_chain_cannot_be_a_circle() throws IOException {
        Tree tree = Tree.builder()
                .file("/A", ANY, ContentSource.of(new byte[5000]), "test")
                .file("/B", ANY, ContentSource.of(new byte[5000]), "test")
                .build();
        byte[] damaged = Files.readAllBytes(image(tree, options(10), "good.fat"));
        for (int table : new int[] {4 * 512, 4 * 512 + 20 * 512}) {
            assertThat(Arrays.copyOfRange(damaged, table, table + 4)).containsExactly(0xF8, 0xFF, 0xFF, 0xFF);
            damaged[table + 2 * 4] = 2; // the last entry of /A's chain leads to its first
            damaged[table + 2 * 4 + 1] = 0;
        }
        Files.write(dir.resolve("bad.fat"), damaged);

        assertThatThrownBy(() -> read(dir.resolve("bad.fat"))).hasMessageContaining("cluster 2 is in two chains");
    }

    private static boolean tryToRead(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try (FileChannel image = FileChannel.open(file, StandardOpenOption.READ)) {
            return isRead(image);
        }
    }

    private static boolean isRead(FileChannel image) throws IOException {
        try {
            assertThat(manifest(FatReader.read(image, "bad.fat"))).startsWith("#mtree");
            return true;
        } catch (FormatException e) {
            return false;
        }
    }

    @Peer({"fsck.fat", "mkfs.fat"})
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 5, 7, 8, 10, 16, 20, 33, 64, 100, 127, 128, 200, 256, 300, 511, 512, 600, 1024, 9000})
    void sizes_are_those_of_mkfs_fat(int mib) throws IOException {
        Path ours = image(tree(), options(mib), "ours.fat");
        Path theirs = dir.resolve("theirs.fat");
        Command.output("mkfs.fat", "-C", "-i", "B0771E50", "-n", "EFI", theirs, mib * 1024);

        assertThat(volume(ours)).isEqualTo(volume(theirs));
        assertThat(Command.output("fsck.fat", "-n", "-v", ours)).doesNotContain("differ", "ixed", "wrong");
    }

    @Peer({"mcopy", "mdir"})
    @Test
    void mtools_gives_names_contents_and_times() throws IOException {
        Path image = image(tree(), options(5), "efi.fat");
        Path copy = Files.createDirectory(dir.resolve("copy"));

        Command.runIn(null, Map.of("TZ", "UTC"), "mcopy", "-s", "-m", "-i", image, "::*", copy)
                .succeeded();
        for (var entry : tree().entries()) {
            Path file = copy.resolve(entry.path().substring(1));
            if (entry instanceof RegularFile regular) {
                try (InputStream content = regular.content().open()) {
                    assertThat(file).hasBinaryContent(content.readAllBytes());
                }
                assertThat(Files.getLastModifiedTime(file).toMillis() / 1000).isEqualTo(TIME & ~1);
            } else {
                assertThat(file).isDirectory();
            }
        }
        assertThat(Command.output("mdir", "-i", image, "::")).contains("Volume in drive : is EFI", "B077-1E50");
    }

    @Peer({"mcopy", "mmd", "mkfs.fat"})
    @Test
    void the_reader_reads_what_mkfs_fat_and_mtools_made() throws IOException {
        Path image = dir.resolve("theirs.fat");
        Path file = Files.writeString(dir.resolve("grubx64.efi"), "grub ".repeat(5000));
        Command.output("mkfs.fat", "-C", image, 5 * 1024);
        Command.output("mmd", "-i", image, "::EFI", "::EFI/BOOT");
        Command.output("mcopy", "-i", image, file, "::EFI/BOOT/grubx64.efi");

        assertThat(read(image))
                .contains("/EFI/BOOT type=dir")
                .containsPattern("(?i)/EFI/BOOT/grubx64.efi .*size=25000 ");
    }
}
