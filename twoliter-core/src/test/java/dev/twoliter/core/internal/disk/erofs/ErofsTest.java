package dev.twoliter.core.internal.disk.erofs;

import static dev.twoliter.core.internal.disk.Sample.OS;
import static dev.twoliter.core.internal.disk.Sample.TIME;
import static dev.twoliter.core.internal.disk.Sample.lying;
import static dev.twoliter.core.internal.disk.Sample.manifest;
import static dev.twoliter.core.internal.disk.Sample.mounted;
import static dev.twoliter.core.internal.disk.Sample.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.Derived;
import dev.twoliter.core.internal.disk.NewFile;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeBuilder;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Symlink;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErofsTest {
    @TempDir
    Path dir;

    private Path image(Tree tree, String name) {
        Path image = dir.resolve(name);
        NewFile.write(image, out -> ErofsWriter.write(tree, Derived.uuid("seed", "root"), TIME, out));
        return image;
    }

    @Test
    void an_image_reads_back_as_the_tree_it_was_made_of() throws IOException {
        Tree tree = tree(5000);
        try (FileChannel image = FileChannel.open(image(tree, "root.erofs"))) {
            assertThat(manifest(ErofsReader.read(image, "root.erofs"))).isEqualTo(manifest(tree));
        }
    }

    @Test
    void the_same_tree_gives_the_same_bytes() {
        assertThat(image(tree(5000), "a.erofs")).hasSameBinaryContentAs(image(tree(5000), "b.erofs"));
    }

    @Test
    void small_files_share_blocks() throws IOException {
        TreeBuilder tree = Tree.builder();
        Attributes attributes = new Attributes(0644, 0, 0, TIME, OS);
        for (int i = 0; i < 1000; i++) {
            tree.file("/f" + i, attributes, ContentSource.of(new byte[500 + i]), "test");
        }
        assertThat(Files.size(image(tree.build(), "small.erofs"))).isLessThan(1000 * 4096 / 3);
    }

    @Test
    void a_file_that_is_not_of_the_size_it_said_is_an_error_that_names_it() {
        for (int actual : new int[] {9, 11}) {
            Tree tree = Tree.builder()
                    .file("/f", Attributes.root(0644, 0), lying(10, actual), "liar.rpm")
                    .build();

            assertThatThrownBy(() -> image(tree, "lie.erofs"))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("/f of liar.rpm");
            assertThat(dir).isEmptyDirectory();
        }
    }

    @Test
    void an_unknown_kind_of_xattr_is_refused() {
        Tree tree = Tree.builder()
                .file(
                        "/f",
                        Attributes.root(0644, 0).withXattrs(Xattrs.NONE.with("odd.name", new byte[1])),
                        ContentSource.of(new byte[1]),
                        "test")
                .build();

        assertThatThrownBy(() -> image(tree, "odd.erofs"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("odd.name");
    }

    @Test
    void damaged_images_give_format_errors_only() throws IOException {
        Tree tree = Tree.builder()
                .file("/d/f", new Attributes(0644, 0, 0, 0, OS), ContentSource.of(new byte[5000]), "test")
                .file("/d/g", new Attributes(0644, 0, 0, 0, OS), ContentSource.of(new byte[50]), "test")
                .symlink("/l", Attributes.root(0777, 0), "d", "test")
                .build();
        byte[] good = Files.readAllBytes(image(tree, "good.erofs"));
        Path bad = dir.resolve("bad.erofs");
        for (int length = 0; length < good.length; length += 97) {
            tryToRead(bad, Arrays.copyOf(good, length));
        }
        for (int at = 4096; at < 4096 + 1024; at++) {
            for (int flip : new int[] {1, 0x80, 0xFF}) {
                byte[] damaged = good.clone();
                damaged[at] ^= (byte) flip;
                tryToRead(bad, damaged);
            }
        }
        byte[] damaged = good.clone();
        damaged[1024 + 20] ^= 1;
        Files.write(bad, damaged);
        assertThatThrownBy(() -> read(bad)).hasMessageContaining("super block is damaged");
    }

    @Test
    void a_small_image_cannot_fill_the_memory() throws IOException {
        Attributes heavy = Attributes.root(0644, 0).withXattrs(Xattrs.NONE.with("user.x", new byte[60_000]));
        TreeBuilder tree = Tree.builder();
        for (int i = 0; i < 1200; i++) {
            tree.file("/" + i, heavy, ContentSource.of(new byte[0]), "test");
        }
        Path image = image(tree.build(), "bad.erofs");

        assertThat(Files.size(image)).isLessThan(300_000);
        assertThatThrownBy(() -> read(image))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("too large");
    }

    private static void tryToRead(Path file, byte[] image) throws IOException {
        Files.write(file, image);
        try {
            assertThat(read(file)).startsWith("#mtree");
        } catch (FormatException e) {
            assertThat(e).hasMessageContaining("bad.erofs");
        }
    }

    private static String read(Path file) throws IOException {
        try (FileChannel image = FileChannel.open(file, StandardOpenOption.READ)) {
            return manifest(ErofsReader.read(image, "bad.erofs"));
        }
    }

    @Peer({"fsck.erofs", "dump.erofs"})
    @Test
    void fsck_finds_no_problem_and_extracts_the_same_contents() throws IOException {
        Path image = image(tree(5000), "root.erofs");
        Path extracted = dir.resolve("extracted");

        Command.output("fsck.erofs", "--extract=" + extracted, "--no-preserve", image);
        for (var entry : tree(5000).entries()) {
            Path file = extracted.resolve(entry.path().substring(1));
            if (entry instanceof RegularFile regular) {
                try (InputStream content = regular.content().open()) {
                    assertThat(file).hasBinaryContent(content.readAllBytes());
                }
            } else if (entry instanceof Symlink link) {
                assertThat(Files.readSymbolicLink(file)).hasToString(link.target());
            } else {
                assertThat(file).exists();
            }
        }
        assertThat(Command.output("dump.erofs", "-s", image))
                .contains(Derived.uuid("seed", "root").toString())
                .contains("sb_csum")
                .contains("mtime");
    }

    @Peer({"mount", "umount", "python3"})
    @Test
    void the_kernel_mounts_the_same_tree() throws IOException {
        Tree tree = tree(5000);
        Path image = image(tree, "root.erofs");

        assertThat(mounted(image, "erofs", dir)).isEqualTo(manifest(tree));
    }
}
