package dev.twoliter.core.internal.disk.ext4;

import static dev.twoliter.core.internal.disk.Sample.OS;
import static dev.twoliter.core.internal.disk.Sample.TIME;
import static dev.twoliter.core.internal.disk.Sample.lying;
import static dev.twoliter.core.internal.disk.Sample.manifest;
import static dev.twoliter.core.internal.disk.Sample.mounted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.Derived;
import dev.twoliter.core.internal.disk.NewFile;
import dev.twoliter.core.internal.disk.Sample;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeBuilder;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.core.internal.disk.tree.Xattrs;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ext4Test {
    private static final UUID ID = Derived.uuid("seed", "root");
    private static final Ext4Options SHRUNK = Ext4Options.shrunk(ID, TIME);
    private static final int MIB = 1 << 20;

    @TempDir
    Path dir;

    /** With the directory that every ext4 file system has. */
    private static Tree tree() {
        return Sample.tree(3500).without("/long").toBuilder()
                .directory("/lost+found", Attributes.root(0700, TIME), "test")
                .symlink("/at-most-59", Attributes.root(0777, TIME), "x".repeat(59), "test")
                .symlink("/at-least-60", Attributes.root(0777, TIME), "x".repeat(60), "test")
                .symlink("/long", Attributes.root(0777, TIME), ("/" + "y".repeat(200)).repeat(5), "test")
                .file("/late", Attributes.root(0600, 0x1_8000_0001L), ContentSource.of(new byte[10_000]), "test")
                .build();
    }

    private Path image(Tree tree, Ext4Options options, String name) {
        Path image = dir.resolve(name);
        NewFile.write(image, out -> Ext4Writer.write(tree, options, out));
        return image;
    }

    private static String read(Path file) throws IOException {
        try (FileChannel image = FileChannel.open(file, StandardOpenOption.READ)) {
            return manifest(Ext4Reader.read(image, "bad.ext4"));
        }
    }

    private static void check(Path image) {
        assertThat(Command.output("e2fsck", "-fn", image)).doesNotContain("Fix", "IGNORED");
    }

    @Test
    void an_image_reads_back_as_the_tree_it_was_made_of() throws IOException {
        assertThat(read(image(tree(), SHRUNK, "root.ext4"))).isEqualTo(manifest(tree()));
    }

    @Test
    void the_same_tree_gives_the_same_bytes() {
        assertThat(image(tree(), SHRUNK, "a.ext4")).hasSameBinaryContentAs(image(tree(), SHRUNK, "b.ext4"));
    }

    @Test
    void the_super_block_says_what_was_asked_for() throws IOException {
        Path image = image(tree(), SHRUNK.withLabel("BOTTLEROCKET").withStripe(1024), "root.ext4");
        try (FileChannel channel = FileChannel.open(image)) {
            Ext4SuperBlock superBlock = Ext4Reader.superBlock(channel, "root.ext4");

            assertThat(superBlock.uuid()).isEqualTo(ID);
            assertThat(superBlock.label()).isEqualTo("BOTTLEROCKET");
            assertThat(superBlock.stripe()).isEqualTo(1024);
            assertThat(superBlock.hasJournal()).isFalse();
            assertThat(superBlock.blocks() * 4096).isEqualTo(channel.size());
        }
    }

    @Test
    void a_tree_that_is_too_large_is_refused_with_what_it_needs() {
        Ext4Options small = SHRUNK.withSize(MIB, 4096).withLabel("PRIVATE");

        assertThatThrownBy(() -> image(tree(), small, "small.ext4"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("PRIVATE: needs")
                .hasMessageContaining("may have 1048576");
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void a_file_that_is_not_of_the_size_it_said_is_an_error_that_names_it() {
        for (int actual : new int[] {9, 11}) {
            Tree tree = Tree.builder()
                    .file("/f", Attributes.root(0644, 0), lying(10, actual), "liar.rpm")
                    .build();

            assertThatThrownBy(() -> image(tree, SHRUNK, "lie.ext4"))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("/f of liar.rpm");
        }
    }

    @Test
    void what_ext4_cannot_store_is_refused() {
        for (Xattrs xattrs : new Xattrs[] {
            Xattrs.NONE.with("odd.name", new byte[1]),
            Xattrs.NONE.with("user.big", new byte[4096]),
            Xattrs.NONE.with("system.posix_acl_access", new byte[8])
        }) {
            Tree tree = Tree.builder()
                    .file("/f", Attributes.root(0644, 0).withXattrs(xattrs), ContentSource.of(new byte[1]), "test")
                    .build();
            assertThatThrownBy(() -> image(tree, SHRUNK, "odd.ext4"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("/f");
        }
    }

    @Test
    void damaged_images_give_format_errors_only() throws IOException {
        Tree tree = Tree.builder()
                .file("/d/f", new Attributes(0644, 0, 0, 0, OS), ContentSource.of(new byte[5000]), "test")
                .file(
                        "/d/g",
                        new Attributes(0644, 0, 0, 0, OS.with("user.x", new byte[200])),
                        ContentSource.of(new byte[50]),
                        "test")
                .symlink("/l", Attributes.root(0777, 0), "d", "test")
                .build();
        byte[] good = Files.readAllBytes(image(tree, SHRUNK.withBlockSize(1024), "good.ext4"));
        Path bad = dir.resolve("bad.ext4");
        for (int length = 0; length < good.length; length += 97) {
            tryToRead(bad, Arrays.copyOf(good, length));
        }
        int refused = 0;
        int data = 0;
        for (int at = 1024; at < good.length; at++) {
            if (good[at] != 0 && good[at] != -1) { // not the bits beyond the inodes, over which there is no checksum
                byte[] damaged = good.clone();
                damaged[at] ^= (byte) (1 << at % 8);
                data++;
                refused += tryToRead(bad, damaged) ? 0 : 1;
            }
        }
        assertThat(data).isGreaterThan(300);
        assertThat(refused).as("of " + data + " flipped bits").isEqualTo(data);
    }

    private static boolean tryToRead(Path file, byte[] image) throws IOException {
        Files.write(file, image);
        try {
            assertThat(read(file)).startsWith("#mtree");
            return true;
        } catch (FormatException e) {
            assertThat(e).hasMessageContaining("bad.ext4");
            return false;
        }
    }

    @Peer("e2fsck")
    @ParameterizedTest
    @ValueSource(ints = {1024, 2048, 4096})
    void e2fsck_finds_no_problem_whatever_the_block_size(int blockSize) throws IOException {
        Tree tree = blockSize == 4096 ? tree() : tree().without("/usr/bin/ping");
        Path image = image(tree, SHRUNK.withBlockSize(blockSize), "root.ext4");

        check(image);
        assertThat(read(image)).isEqualTo(manifest(tree));
    }

    @Peer("e2fsck")
    @ParameterizedTest
    @ValueSource(longs = {8, 24, 127, 129, 1000, 5000, 20_000})
    void e2fsck_finds_no_problem_whatever_the_size(long mib) throws IOException {
        Ext4Options options = SHRUNK.withSize(mib * MIB, 4096).withJournal();
        Path image = image(Tree.builder().build(), options, "data.ext4");

        assertThat(image).hasSize(mib * MIB);
        check(image);
        assertThat(Command.output("du", "-m", image).split("\t")[0])
                .as("takes little room")
                .hasSizeLessThan(3);
    }

    @Peer({"e2fsck", "dumpe2fs"})
    @Test
    void large_files_and_directories_span_groups() throws IOException {
        TreeBuilder large = Tree.builder().file("/large", Attributes.root(0644, TIME), zeros(900L * MIB), "test");
        for (int i = 0; i < 10_000; i++) {
            large.file(
                    "/directory/" + "name".repeat(20) + i,
                    Attributes.root(0644, TIME),
                    ContentSource.of(new byte[1]),
                    "");
        }
        for (int blockSize : new int[] {1024, 4096}) {
            Path image = image(large.build(), SHRUNK.withBlockSize(blockSize), "large.ext4");

            check(image);
            assertThat(Files.size(image)).isBetween(900L * MIB, 960L * MIB);
        }
        assertThat(Command.output("dumpe2fs", dir.resolve("large.ext4"))).contains("Group 7:");
    }

    private static ContentSource zeros(long size) {
        return new ContentSource() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public InputStream open() {
                return new InputStream() {
                    private long left = size;

                    @Override
                    public int read() {
                        return left-- > 0 ? 0 : -1;
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        int count = (int) Math.min(left, length);
                        Arrays.fill(bytes, offset, offset + count, (byte) 0);
                        left -= count;
                        return count == 0 ? -1 : count;
                    }
                };
            }
        };
    }

    @Peer({"dumpe2fs", "mke2fs"})
    @Test
    void dumpe2fs_sees_the_features_that_mke2fs_gives_but_for_the_room_to_grow() throws IOException {
        Path ours =
                image(Tree.builder().build(), SHRUNK.withSize(64 * MIB, 4096).withJournal(), "ours.ext4");
        Path theirs = dir.resolve("theirs.ext4");
        Command.output("mke2fs", "-q", "-t", "ext4", "-b", "4096", "-U", ID, theirs, "64M");

        assertThat(features(ours))
                .isEqualTo(features(theirs).replace("resize_inode ", "").replace(" orphan_file", ""));
        assertThat(Command.output("dumpe2fs", "-h", ours)).contains(ID.toString(), "Journal inode:            8");
        assertThat(line(ours, "Total journal blocks")).isEqualTo(line(theirs, "Total journal blocks"));
    }

    private static String features(Path image) {
        return line(image, "Filesystem features");
    }

    private static String line(Path image, String key) {
        return Command.output("dumpe2fs", "-h", image)
                .lines()
                .filter(line -> line.startsWith(key))
                .findFirst()
                .orElseThrow();
    }

    @Peer("mke2fs")
    @Test
    void the_reader_reads_what_mke2fs_made() throws IOException {
        Path source = Files.createDirectories(dir.resolve("source/many"));
        for (int i = 0; i < 500; i++) {
            Files.writeString(source.resolve("a-rather-long-name-that-makes-an-index-" + i), "content " + i);
        }
        Files.createSymbolicLink(source.resolve("link"), Path.of("a"));
        Path image = dir.resolve("theirs.ext4");
        Command.output("mke2fs", "-q", "-t", "ext4", "-d", dir.resolve("source"), image, "64M");

        try (FileChannel channel = FileChannel.open(image)) {
            Tree tree = Ext4Reader.read(channel, "theirs.ext4");

            assertThat(tree.entries()).hasSize(504);
            RegularFile file = (RegularFile)
                    tree.find("/many/a-rather-long-name-that-makes-an-index-77").orElseThrow();
            try (InputStream content = file.content().open()) {
                assertThat(content).hasContent("content 77");
            }
        }
    }

    @Peer("debugfs")
    @Test
    void debugfs_gives_contents_and_attributes() throws IOException {
        Path image = image(tree(), SHRUNK, "root.ext4");

        assertThat(Command.output("debugfs", "-R", "cat /usr/lib/os-release", image))
                .contains("ID=bottlerocket");
        assertThat(Command.output("debugfs", "-R", "ea_get /usr/bin/ping security.selinux", image))
                .contains("system_u:object_r:os_t:s0");
        assertThat(Command.output("debugfs", "-R", "ea_list /usr/bin/ping", image))
                .contains("security.capability (20) = 01 00 00 02", "trusted.big (3500)", "user.note (0)");
    }

    @Peer({"mount", "umount", "python3"})
    @Test
    void the_kernel_mounts_the_same_tree() throws IOException {
        Path image = image(tree(), SHRUNK, "root.ext4");

        assertThat(mounted(image, "ext4", dir)).isEqualTo(manifest(tree()));
    }
}
