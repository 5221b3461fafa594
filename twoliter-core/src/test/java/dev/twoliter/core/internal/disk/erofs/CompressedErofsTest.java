package dev.twoliter.core.internal.disk.erofs;

import static dev.twoliter.core.internal.disk.Sample.TIME;
import static dev.twoliter.core.internal.disk.Sample.manifest;
import static dev.twoliter.core.internal.disk.Sample.mounted;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.Derived;
import dev.twoliter.core.internal.disk.NewFile;
import dev.twoliter.core.internal.disk.Sample;
import dev.twoliter.core.internal.disk.lz4.NativeLz4;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeBuilder;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressedErofsTest {
    private static final ErofsOptions PLAIN = ErofsOptions.plain(Derived.uuid("seed", "root"), TIME);
    private static final ErofsOptions LZ4HC = PLAIN.withCompression(12, 256 * 1024);
    private static final Attributes FILE = Attributes.root(0644, TIME);

    @TempDir
    Path dir;

    /** Words in a random order, which compress about as well as programs do. */
    private static byte[] text(int size, int seed) {
        Random random = new Random(seed);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (text.size() < size) {
            text.writeBytes(("word" + random.nextInt(700) * 7919L + " ").getBytes(US_ASCII));
        }
        return Arrays.copyOf(text.toByteArray(), size);
    }

    private static byte[] noise(int size, int seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] mixed(int size) {
        ByteArrayOutputStream mixed = new ByteArrayOutputStream();
        for (int i = 0; mixed.size() < size; i++) {
            int piece = 1000 + (int) (i * 77_777L % 400_000);
            mixed.writeBytes(i % 3 == 0 ? text(piece, i) : i % 3 == 1 ? noise(piece, i) : new byte[piece]);
        }
        return Arrays.copyOf(mixed.toByteArray(), size);
    }

    private static Tree tree() {
        TreeBuilder tree = Sample.tree(5000).toBuilder();
        for (int size : new int[] {4095, 4096, 4097, 8191, 8192, 8193, 12_288, 50_000, 262_144, 1_000_000}) {
            tree.file("/text/" + size, FILE, ContentSource.of(text(size, size)), "test");
            tree.file("/noise/" + size, FILE, ContentSource.of(noise(size, size)), "test");
            tree.file("/zeros/" + size, FILE, ContentSource.of(new byte[size]), "test");
        }
        for (int size : new int[] {4 << 20, 5_000_001}) {
            tree.file("/large/mixed-" + size, FILE, ContentSource.of(mixed(size)), "test");
        }
        tree.file("/large/zeros", FILE, ContentSource.of(new byte[9_000_000]), "test");
        tree.file("/large/text", FILE, ContentSource.of(text(5_000_000, 0)), "test");
        return tree.build();
    }

    private Path image(Tree tree, ErofsOptions options, String name) {
        Path image = dir.resolve(name);
        NewFile.write(image, out -> ErofsWriter.write(tree, options, out));
        return image;
    }

    private static String read(Path file) throws IOException {
        try (FileChannel image = FileChannel.open(file, StandardOpenOption.READ)) {
            return manifest(ErofsReader.read(image, "bad.erofs"));
        }
    }

    @ParameterizedTest
    @CsvSource({"12,262144", "1,65536", "3,4096", "5,1048576"})
    void an_image_reads_back_as_the_tree_it_was_made_of(int level, int clusterSize) throws IOException {
        Path image = image(tree(), PLAIN.withCompression(level, clusterSize), "root.erofs");

        assertThat(read(image)).isEqualTo(manifest(tree()));
    }

    @Test
    void the_bytes_do_not_depend_on_the_number_of_threads() {
        Path one = image(tree(), LZ4HC.withThreads(1), "one.erofs");

        assertThat(image(tree(), LZ4HC.withThreads(3), "three.erofs")).hasSameBinaryContentAs(one);
    }

    @Test
    void what_does_not_compress_takes_no_more_room_than_without_compression() throws IOException {
        TreeBuilder tree = Tree.builder();
        for (int i = 0; i < 200; i++) {
            tree.file("/" + i, FILE, ContentSource.of(noise(3000 + i * 111, i)), "test");
        }
        Path plain = image(tree.build(), PLAIN, "plain.erofs");

        assertThat(Files.size(image(tree.build(), LZ4HC, "lz4.erofs"))).isEqualTo(Files.size(plain));
    }

    @Test
    void clusters_are_full() throws IOException {
        byte[] text = text(8 << 20, 5);
        Tree tree = Tree.builder()
                .file("/text", FILE, ContentSource.of(text), "test")
                .build();
        int whole = NativeLz4.load().highCompressor(12).compress(text).length;

        assertThat(Files.size(image(tree, LZ4HC, "lz4.erofs"))).isLessThan(whole * 103L / 100);
    }

    @Test
    void damaged_images_give_format_errors_only() throws IOException {
        Tree tree = Tree.builder()
                .file("/a", FILE, ContentSource.of(text(100_000, 1)), "test")
                .file("/b", FILE, ContentSource.of(mixed(200_000)), "test")
                .build();
        Path bad = image(tree, LZ4HC.withCompression(12, 8192), "bad.erofs");
        byte[] good = Files.readAllBytes(bad);
        int refused = 0;
        try (FileChannel image = FileChannel.open(bad, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            int metadata = good.length - 8192;
            for (int at = 4096; at < good.length; at += at < metadata ? 97 : 1) {
                if (at >= metadata && good[at] == 0) {
                    continue;
                }
                for (int flip : new int[] {1, 0x80, 0xFF}) {
                    image.write(ByteBuffer.wrap(new byte[] {(byte) (good[at] ^ flip)}), at);
                    try {
                        assertThat(manifest(ErofsReader.read(image, "bad.erofs")))
                                .startsWith("#mtree");
                    } catch (FormatException e) {
                        refused++;
                    }
                }
                image.write(ByteBuffer.wrap(good, at, 1), at);
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    @Peer("fsck.erofs")
    @ParameterizedTest
    @ValueSource(ints = {4096, 262_144})
    void fsck_finds_no_problem_and_extracts_the_same_contents(int clusterSize) throws IOException {
        Path image = image(tree(), PLAIN.withCompression(12, clusterSize), "root.erofs");
        Path extracted = dir.resolve("extracted");

        Command.output("fsck.erofs", "--extract=" + extracted, "--no-preserve", image);
        for (var entry : tree().entries()) {
            if (entry instanceof RegularFile regular) {
                try (InputStream content = regular.content().open()) {
                    assertThat(extracted.resolve(entry.path().substring(1))).hasBinaryContent(content.readAllBytes());
                }
            }
        }
    }

    @Peer({"mount", "umount", "python3"})
    @ParameterizedTest
    @ValueSource(ints = {4096, 262_144})
    void the_kernel_mounts_the_same_tree(int clusterSize) throws IOException {
        Path image = image(tree(), PLAIN.withCompression(12, clusterSize), "root.erofs");

        assertThat(mounted(image, "erofs", dir)).isEqualTo(manifest(tree()));
    }

    @Peer("mkfs.erofs")
    @ParameterizedTest
    @ValueSource(strings = {"-zlz4hc,12 -C262144", "-zlz4", "-zlz4hc -Elegacy-compress", "-zlz4hc -C65536 -T77"})
    void the_reader_reads_what_mkfs_erofs_made(String options) throws IOException {
        Path source = Files.createDirectories(dir.resolve("source"));
        for (int i = 1; i < 30; i++) {
            Files.write(source.resolve("mixed-" + i), mixed(i * 54_321));
        }
        Path image = dir.resolve("theirs.erofs");
        List<Object> command = new ArrayList<>(List.of("mkfs.erofs"));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of(image, source));
        Command.output(command.toArray());

        try (FileChannel channel = FileChannel.open(image)) {
            Tree tree = ErofsReader.read(channel, "theirs.erofs");
            for (int i = 1; i < 30; i++) {
                RegularFile file = (RegularFile) tree.find("/mixed-" + i).orElseThrow();
                try (InputStream content = file.content().open()) {
                    assertThat(content.readAllBytes()).isEqualTo(mixed(i * 54_321));
                }
            }
        }
    }
}
