package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.github.luben.zstd.Zstd;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerUnpackerTest {

    @TempDir
    Path directory;

    private int attempts;

    /** An entry; its link is empty where it has none. */
    private record Item(String name, byte type, String link, String content) {
        static Item file(String name, String content) {
            return new Item(name, TarConstants.LF_NORMAL, "", content);
        }

        static Item symlink(String name, String to) {
            return new Item(name, TarConstants.LF_SYMLINK, to, "");
        }

        static Item hardLink(String name, String to) {
            return new Item(name, TarConstants.LF_LINK, to, "");
        }

        static Item of(byte type, String name) {
            return new Item(name, type, "", "");
        }
    }

    private static byte[] tar(Item... items) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8")) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            for (Item item : items) {
                byte[] content = item.content().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(item.name(), item.type(), true);
                entry.setLinkName(item.link());
                entry.setSize(content.length);
                entry.setMode(0755);
                out.putArchiveEntry(entry);
                out.write(content);
                out.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private Path unpack(byte[] layer, String name) {
        Path target = directory.resolve(name);
        LayerUnpacker.unpack(new ByteArrayInputStream(layer), target, "layer " + name);
        return target;
    }

    private static List<String> tree(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.map(p -> {
                        try {
                            return root.relativize(p)
                                    + (Files.isSymbolicLink(p)
                                            ? " -> " + Files.readSymbolicLink(p)
                                            : Files.isDirectory(p) ? "/" : " = " + Files.readString(p));
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .sorted()
                    .toList();
        }
    }

    /** A tree as in upstream's kits: repodata at the root, packages in directories of their own. */
    private static byte[] kit() throws IOException {
        return tar(
                Item.of(TarConstants.LF_DIR, "Packages/hello/"),
                Item.file("Packages/hello/hello.rpm", "rpm"),
                Item.file("./repodata/repomd.xml", "<repomd/>"),
                Item.file("long/" + "n".repeat(150), "long"),
                Item.symlink("latest", "Packages/hello"),
                Item.symlink("repodata/up", "../Packages"),
                Item.hardLink("again.rpm", "Packages/hello/hello.rpm"));
    }

    @Test
    void plain_gzip_and_zstd_give_the_same_tree() throws IOException {
        byte[] kit = kit();
        List<String> plain = tree(unpack(kit, "plain"));
        assertThat(plain)
                .contains("Packages/hello/hello.rpm = rpm", "again.rpm = rpm", "latest -> Packages/hello")
                .contains("long/" + "n".repeat(150) + " = long");
        assertThat(tree(unpack(gzip(kit), "gzip"))).isEqualTo(plain);
        assertThat(tree(unpack(Zstd.compress(kit), "zstd"))).isEqualTo(plain);
        assertThat(directory.resolve("plain/again.rpm")).isExecutable();
    }

    @Test
    void several_gzip_members_are_one_layer() throws IOException {
        byte[] kit = kit();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(gzip(Arrays.copyOfRange(kit, 0, 1000)));
        out.write(gzip(Arrays.copyOfRange(kit, 1000, kit.length)));
        InputStream hesitant = new ByteArrayInputStream(out.toByteArray()) {
            @Override
            public synchronized int available() {
                return 0;
            }
        };
        LayerUnpacker.unpack(hesitant, directory.resolve("members"), "members");
        assertThat(tree(directory.resolve("members"))).isEqualTo(tree(unpack(kit, "plain")));
    }

    private void assertRefused(Item... items) throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.writeString(outside.resolve("victim"), "whole");
        byte[] layer = tar(items);
        assertThatExceptionOfType(FormatException.class)
                .as(Arrays.toString(items))
                .isThrownBy(() -> unpack(layer, "hostile" + ++attempts))
                .withMessageContaining("layer hostile")
                .satisfies(e -> assertThat(e.hint()).isNotNull());
        assertThat(tree(outside)).containsExactly("/", "victim = whole");
        try (Stream<Path> siblings = Files.list(directory)) {
            assertThat(siblings.map(p -> p.getFileName().toString()))
                    .allMatch(name -> name.matches("outside|hostile[0-9]+"));
        }
    }

    @Test
    void what_leads_out_of_the_target_is_refused() throws IOException {
        assertRefused(Item.file("../evil", "x"));
        assertRefused(Item.file("a/../../evil", "x"));
        assertRefused(Item.file("/evil", "x"));
        assertRefused(Item.symlink("out", "../outside"));
        assertRefused(Item.symlink("out", "/etc"));
        assertRefused(Item.symlink("out", ""));
        assertRefused(Item.symlink("a/b/up", "../.."), Item.symlink("a/b/out", "up/../outside"));
        assertRefused(Item.symlink("here", "."), Item.file("here/evil", "x"));
        assertRefused(Item.symlink("dir", "elsewhere"), Item.file("dir", "x"), Item.file("dir/evil", "x"));
        assertRefused(Item.hardLink("link", "../outside/victim"));
        assertRefused(Item.hardLink("link", "/etc/passwd"));
        assertRefused(Item.symlink("s", "t"), Item.hardLink("link", "s"));
        assertRefused(Item.file("self", "x"), Item.hardLink("self", "self"));
        assertRefused(Item.hardLink("link", ""));
    }

    @Test
    void what_is_no_file_directory_or_link_is_refused() throws IOException {
        assertRefused(Item.of(TarConstants.LF_CHR, "dev"));
        assertRefused(Item.of(TarConstants.LF_BLK, "dev"));
        assertRefused(Item.of(TarConstants.LF_FIFO, "pipe"));
        assertRefused(Item.of((byte) 'Z', "unknown"));
        assertRefused(new Item("link", TarConstants.LF_SYMLINK, "x", "content"));
    }

    @Test
    void a_directory_stays_one_and_names_have_bounds() throws IOException {
        assertRefused(Item.file("a/b", "x"), Item.symlink("a", "c"));
        assertRefused(Item.file(".", "x"));
        assertRefused(Item.file("n".repeat(300), "x"));
        assertRefused(Item.file("d/".repeat(300) + "x", "x"));
        assertRefused(Item.file("d/".repeat(3000) + "x", "x"));
    }

    @Test
    void a_later_layer_replaces_files_and_links() throws IOException {
        Path target = directory.resolve("both");
        layer("lower", Item.file("a", "old"), Item.symlink("l", "a"), Item.file("d/x", "x"))
                .moveOnto(target);
        UnpackedLayer upper = layer("upper", Item.file("a", "new"), Item.file("l", "file"), Item.file("d/y", "y"));
        upper.moveOnto(target);
        assertThat(tree(target)).containsExactly("/", "a = new", "d/", "d/x = x", "d/y = y", "l = file");
        assertThat(upper.directory()).doesNotExist();
    }

    private UnpackedLayer layer(String name, Item... items) throws IOException {
        return LayerUnpacker.unpack(new ByteArrayInputStream(tar(items)), directory.resolve(name), name);
    }

    @Test
    void what_was_a_directory_in_a_lower_layer_stays_one_and_nothing_else_becomes_one() throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Path target = directory.resolve("stack");
        layer("lower", Item.symlink("link", "d"), Item.file("f", "x"), Item.file("d/x", "x"))
                .moveOnto(target);
        // As if a layer below had got a link in that leads out.
        Files.createSymbolicLink(target.resolve("out"), outside);
        List<String> before = tree(target);
        for (Item item : List.of(
                Item.file("link/evil", "x"),
                Item.of(TarConstants.LF_DIR, "link/"),
                Item.file("out/evil", "x"),
                Item.file("f/evil", "x"),
                Item.file("d", "x"),
                Item.symlink("d", "f"))) {
            UnpackedLayer upper = layer("upper " + item.name().replace('/', ' ') + item.type(), item);
            assertThatExceptionOfType(FormatException.class)
                    .as(item.toString())
                    .isThrownBy(() -> upper.moveOnto(target))
                    .withMessageContaining("layer below");
        }
        assertThat(tree(target)).isEqualTo(before);
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void a_layer_tells_the_digests_of_its_files() throws IOException {
        UnpackedLayer layer = layer(
                "digests",
                Item.file("a", "old"),
                Item.file("a", "new"),
                Item.file("d/b", "b"),
                Item.hardLink("c", "d/b"),
                Item.file("gone", "x"),
                Item.symlink("gone", "a"));
        assertThat(layer.files())
                .containsExactly(
                        entry("a", Digest.ofBytes("new".getBytes(StandardCharsets.UTF_8))),
                        entry("c", Digest.ofBytes("b".getBytes(StandardCharsets.UTF_8))),
                        entry("d/b", Digest.ofBytes("b".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void a_layer_gets_a_directory_of_its_own() throws IOException {
        layer("own", Item.file("a", "x"));
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> layer("own", Item.file("b", "x")))
                .withMessageContaining("not empty");
    }

    @Test
    void cut_and_flipped_layers_give_typed_exceptions_only() throws IOException {
        byte[] kit = tar(Item.file("a", "content"), Item.symlink("l", "a"), Item.file("n".repeat(150), "x"));
        for (byte[] layer : List.of(kit, gzip(kit), Zstd.compress(kit))) {
            int end = layer.length == kit.length ? lastContent(kit) : layer.length - 1;
            for (int length = 0; length <= end; length += layer.length == kit.length ? 61 : 1) {
                byte[] cut = Arrays.copyOf(layer, length);
                assertThatExceptionOfType(FormatException.class)
                        .as("%d of %d", length, layer.length)
                        .isThrownBy(() -> unpack(cut, "cut" + ++attempts));
            }
            for (int i = 0; i < end; i += layer.length == kit.length ? 7 : 1) {
                byte[] flipped = layer.clone();
                flipped[i] ^= (byte) 0x90;
                try {
                    unpack(flipped, "flipped" + ++attempts);
                } catch (FormatException expected) {
                    assertThat(expected).hasMessageContaining("flipped" + attempts);
                }
            }
        }
    }

    private static int lastContent(byte[] tar) {
        int end = tar.length;
        while (tar[end - 1] == 0) {
            end--;
        }
        return (end + 511) / 512 * 512;
    }

    @Test
    void a_bomb_is_stopped_by_the_limit() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            TarArchiveEntry entry = new TarArchiveEntry("zeros");
            entry.setSize(64 << 20);
            tar.putArchiveEntry(entry);
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                tar.write(zeros);
            }
            tar.closeArchiveEntry();
        }
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> LayerUnpacker.unpack(
                        new ByteArrayInputStream(bytes.toByteArray()),
                        directory.resolve("t"),
                        "bomb",
                        new LayerLimits(1 << 20, 10, 1000)))
                .withMessageContaining("bomb");
        assertThat(directory.resolve("t")).isEmptyDirectory();
    }

    @Test
    void endless_headers_do_not_fill_the_memory() throws IOException {
        for (byte type : new byte[] {'x', 'g', 'L', 'K'}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream gzip = new GZIPOutputStream(bytes)) {
                byte[] header = tar(new Item("x", TarConstants.LF_NORMAL, "", ""));
                byte[] record = Arrays.copyOf(header, 512);
                record[156] = type;
                byte[] size = "10000000000\0".getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(size, 0, record, 124, 12);
                checksum(record);
                gzip.write(record);
                gzip.write("1073741800 path=".getBytes(StandardCharsets.US_ASCII));
                byte[] filler = new byte[1 << 20];
                Arrays.fill(filler, (byte) 'a');
                for (int i = 0; i < 20; i++) {
                    gzip.write(filler);
                }
            }
            assertThatExceptionOfType(FormatException.class)
                    .as("type " + (char) type)
                    .isThrownBy(() -> unpack(bytes.toByteArray(), "headers" + type))
                    .withMessageContaining("headers of more than");
        }
    }

    private static void checksum(byte[] record) {
        Arrays.fill(record, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : record) {
            sum += b & 0xff;
        }
        byte[] text = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, record, 148, 8);
    }

    @Test
    void too_many_entries_are_refused() throws IOException {
        byte[] layer = tar(Item.file("a", ""), Item.file("b", ""), Item.file("c", ""));
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> LayerUnpacker.unpack(
                        new ByteArrayInputStream(layer),
                        directory.resolve("t"),
                        "many",
                        new LayerLimits(1 << 20, 2, 100)))
                .withMessageContaining("more than 2 entries");
    }

    @Test
    void a_verified_layer_is_verified_to_its_end_and_not_closed() throws IOException {
        byte[] layer = Arrays.copyOf(kit(), 40_000);
        Descriptor right = Descriptor.of(MediaTypes.LAYER_TAR, layer);
        layer[39_999] = 1;
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> LayerUnpacker.unpack(
                        new VerifyingStream(new ByteArrayInputStream(layer), right, "store"),
                        directory.resolve("t"),
                        "verified"));
        boolean[] closed = {false};
        LayerUnpacker.unpack(
                new ByteArrayInputStream(kit()) {
                    @Override
                    public void close() {
                        closed[0] = true;
                    }
                },
                directory.resolve("open"),
                "open");
        assertThat(closed[0]).isFalse();
    }

    @Test
    void a_broken_source_and_a_broken_target_are_no_format_errors() throws IOException {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        assertThatThrownBy(() -> LayerUnpacker.unpack(broken, directory.resolve("t"), "broken"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("the disk is gone");
        Path file = Files.writeString(directory.resolve("file"), "");
        byte[] kit = kit();
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> LayerUnpacker.unpack(new ByteArrayInputStream(kit), file, "kit"))
                .withMessageContaining(file.toString());
    }

    @Test
    @Peer({"tar", "gzip", "zstd"})
    void archives_of_gnu_tar_are_read_but_for_sparse_files() throws IOException {
        Path source = Files.createDirectories(directory.resolve("source/Packages/p"));
        Files.writeString(source.resolve("p.rpm"), "rpm");
        Files.createSymbolicLink(source.resolve("l"), Path.of("p.rpm"));
        for (String format : List.of("gnu", "pax", "ustar")) {
            for (String compression : List.of("--no-auto-compress", "--gzip", "--zstd")) {
                Path file = directory.resolve(format + compression);
                Command.output(
                        "tar", "-C", directory.resolve("source"), "--format=" + format, compression, "-cf", file, ".");
                assertThat(tree(unpack(Files.readAllBytes(file), "out" + format + compression)))
                        .isEqualTo(tree(directory.resolve("source")));
            }
        }
        Path sparse = directory.resolve("source/sparse");
        Command.output("truncate", "-s", "1M", sparse);
        for (String version : List.of("0.0", "0.1", "1.0")) {
            Path file = directory.resolve("sparse.tar");
            Command.output(
                    "tar",
                    "-C",
                    directory.resolve("source"),
                    "--format=pax",
                    "-S",
                    "--sparse-version=" + version,
                    "-cf",
                    file,
                    ".");
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> unpack(Files.readAllBytes(file), "sparse" + version))
                    .withMessageContaining("sparse");
        }
    }
}
