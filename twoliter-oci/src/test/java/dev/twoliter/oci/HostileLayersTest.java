package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.ZstdOutputStream;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Layers that were made to do harm are refused: typed, and before they take memory, disk or time. */
@Timeout(60)
class HostileLayersTest {

    private static final long GIB = 1 << 30;

    @TempDir
    Path directory;

    private int layers;

    private UnpackedLayer unpack(InputStream layer) {
        return LayerUnpacker.unpack(layer, directory.resolve("layer-" + ++layers), "the layer");
    }

    private Path unpacked(byte[] layer) {
        return unpack(new ByteArrayInputStream(layer)).directory();
    }

    private void assertRefused(byte[] layer, String why) {
        assertRefused(new ByteArrayInputStream(layer), why);
    }

    private void assertRefused(InputStream layer, String why) {
        assertThatExceptionOfType(FormatException.class)
                .as(why)
                .isThrownBy(() -> unpack(layer))
                .withMessageContaining("the layer")
                .withMessageContaining(why);
    }

    private long onDisk() throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve("layer-" + layers))) {
            return all.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    // Sizes

    @Test
    void negative_and_impossible_sizes_are_refused() {
        byte[] negative = new byte[12];
        Arrays.fill(negative, (byte) 0xff);
        byte[] huge = new byte[12];
        Arrays.fill(huge, (byte) 0x7f);
        huge[0] = (byte) 0x80;
        for (byte[] size : List.of(negative, huge)) {
            assertRefused(new RawTar().header('0', "f", "", size).cut(), "negative or too large");
        }
        assertRefused(
                new RawTar().entry('0', "f", "", "-0000000001\0", new byte[0]).end(), "not octal");
        assertRefused(
                new RawTar().entry('0', "f", "", "0000000000x\0", new byte[0]).end(), "not octal");
        byte[] almost = new byte[12];
        almost[0] = (byte) 0x80;
        Arrays.fill(almost, 4, 12, (byte) 0xff);
        almost[4] = 0x7f;
        assertRefused(new RawTar().header('0', "f", "", almost).cut(), "longer than");
    }

    @Test
    void a_base_256_size_is_a_size() throws IOException {
        byte[] three = new byte[12];
        three[0] = (byte) 0x80;
        three[11] = 3;
        byte[] layer = new RawTar()
                .header('0', "f", "", three)
                .content("abc".getBytes(StandardCharsets.US_ASCII))
                .end();
        assertThat(unpacked(layer).resolve("f")).hasContent("abc");
    }

    @Test
    void an_extended_size_overrides_that_of_the_header() throws IOException {
        // A reader that does not know it takes the content for a header, and sees another file.
        byte[] hidden = new RawTar().file("hidden", "x").cut();
        byte[] layer = new RawTar()
                .pax('x', Map.of("size", Integer.toString(hidden.length)))
                .entry('0', "f", "", "00000000000\0", hidden)
                .end();
        Path tree = unpacked(layer);
        assertThat(tree.resolve("f")).hasBinaryContent(hidden);
        assertThat(tree.resolve("hidden")).doesNotExist();
        assertRefused(new RawTar().pax('x', Map.of("size", "-1")).file("f", "").end(), "not a number");
        assertRefused(
                new RawTar()
                        .pax('x', Map.of("size", "9".repeat(30)))
                        .file("f", "")
                        .end(),
                "not a number");
        assertRefused(
                new RawTar()
                        .pax('x', Map.of("size", "9".repeat(18)))
                        .file("f", "")
                        .end(),
                "longer than");
    }

    // Headers

    @Test
    void sparse_files_are_refused() {
        assertRefused(new RawTar().entry('S', "f", "", new byte[10]).end(), "sparse");
        for (String key : List.of("GNU.sparse.major", "GNU.sparse.map", "GNU.sparse.realsize")) {
            assertRefused(new RawTar().pax('x', Map.of(key, "1")).file("f", "x").end(), "sparse");
            assertRefused(new RawTar().pax('g', Map.of(key, "1")).file("f", "x").end(), "sparse");
        }
    }

    @Test
    void extended_headers_that_two_readers_could_take_differently_are_refused() {
        assertRefused(
                new RawTar().pax('g', Map.of("path", "evil")).file("f", "x").end(), "all entries");
        assertRefused(new RawTar().pax('g', Map.of("size", "0")).file("f", "x").end(), "all entries");
        assertRefused(
                new RawTar()
                        .pax('x', Map.of("path", "a"))
                        .pax('x', Map.of("path", "b"))
                        .file("f", "x")
                        .end(),
                "several extended headers");
        for (char type : new char[] {'L', 'K'}) {
            assertRefused(
                    new RawTar()
                            .entry(type, "", "", "a".getBytes(StandardCharsets.US_ASCII))
                            .entry(type, "", "", "b".getBytes(StandardCharsets.US_ASCII))
                            .file("f", "x")
                            .end(),
                    "several extended headers");
        }
        assertRefused(new RawTar().pax('x', Map.of("path", "a")).end(), "ends after an extended header");
    }

    @Test
    void damaged_records_are_refused() {
        for (String body : List.of(
                "x",
                "5",
                "5 ",
                "3 =\n",
                "8 path=a\n",
                "11 path=a\n",
                "99999999999999999999 path=a\n",
                "-1 path=a\n",
                "10 pathxa\n",
                "10 path=a.")) {
            byte[] layer = new RawTar()
                    .entry('x', "pax", "", body.getBytes(StandardCharsets.US_ASCII))
                    .file("f", "x")
                    .end();
            assertRefused(layer, "extended header");
        }
    }

    @Test
    void names_from_extended_headers_are_checked_like_others() {
        for (String name : List.of("../evil", "/evil", "a/../../evil", "n".repeat(300), "a\0b", "d/".repeat(3000))) {
            byte[] layer =
                    new RawTar().pax('x', Map.of("path", name)).file("f", "x").end();
            assertThatExceptionOfType(FormatException.class).as(name).isThrownBy(() -> unpacked(layer));
        }
        assertRefused(
                new RawTar()
                        .pax('x', Map.of("linkpath", "../../etc"))
                        .link('2', "l", "harmless")
                        .end(),
                "out of the target");
        assertRefused(
                new RawTar()
                        .entry('L', "", "", "../evil\0".getBytes(StandardCharsets.US_ASCII))
                        .file("f", "x")
                        .end(),
                "out of the target");
        assertThat(directory.resolve("evil")).doesNotExist();
    }

    /** Keys that hold for all entries must not be kept, or carried from entry to entry. */
    @Test
    void many_global_headers_take_neither_memory_nor_time() {
        StringBuilder keys = new StringBuilder();
        for (int i = 0; keys.length() < 900_000; i++) {
            keys.append(RawTar.record("k" + i, "v"));
        }
        byte[] unit = new RawTar()
                .entry('g', "pax", "", keys.toString().getBytes(StandardCharsets.UTF_8))
                .file("f", "x")
                .cut();
        InputStream layer = repeated(unit, 300);
        assertThat(unpack(new SequenceInputStream(layer, new ByteArrayInputStream(new byte[1024])))
                        .files())
                .containsOnlyKeys("f");
    }

    private static InputStream repeated(byte[] unit, long times) {
        return new InputStream() {
            private long at;

            @Override
            public int read() {
                return at == unit.length * times ? -1 : unit[(int) (at++ % unit.length)] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                if (at == unit.length * times) {
                    return -1;
                }
                int from = (int) (at % unit.length);
                int n = Math.min(length, unit.length - from);
                System.arraycopy(unit, from, buffer, offset, n);
                at += n;
                return n;
            }
        };
    }

    // Numbers

    @Test
    void a_million_entries_are_refused() throws IOException {
        // All of one name, so that the test makes one file.
        InputStream layer = repeated(new RawTar().link('2', "l", "x").cut(), 1_000_000);
        assertRefused(layer, "more than 100000 entries");
        byte[] deep = new RawTar()
                .pax('x', Map.of("path", "a/".repeat(200) + "f"))
                .file("f", "x")
                .end();
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> LayerUnpacker.unpack(
                        new ByteArrayInputStream(deep),
                        directory.resolve("deep"),
                        "the layer",
                        new LayerLimits(GIB, 100, 100)))
                .withMessageContaining("more than 100 directories");
    }

    @Test
    void names_that_do_not_fit_into_memory_are_refused() {
        String name = ("d".repeat(200) + "/").repeat(19) + "f";
        byte[] unit =
                new RawTar().pax('x', Map.of("path", name)).link('2', "f", "x").cut();
        assertRefused(repeated(unit, 100_000), "too many with long names");
    }

    // Bombs

    private byte[] bomb(long size, java.util.function.UnaryOperator<OutputStream> compression) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compression.apply(bytes)) {
            out.write(new RawTar()
                    .entry('0', "zeros", "", String.format("%011o\0", size), new byte[0])
                    .cut());
            byte[] zeros = new byte[1 << 20];
            for (long i = 0; i < size; i += zeros.length) {
                out.write(zeros);
            }
            out.write(new byte[1024]);
        }
        return bytes.toByteArray();
    }

    private static OutputStream gzip(OutputStream out) {
        try {
            return new GZIPOutputStream(out) {
                {
                    def.setLevel(1);
                }
            };
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static OutputStream zstd(OutputStream out) {
        try {
            return new ZstdOutputStream(out, 1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Ten GB cannot come out of what is sent here: whoever believed the header would already make room for it. */
    @Test
    void ten_gigabytes_of_zeros_are_refused_early() throws IOException {
        for (boolean gzip : new boolean[] {true, false}) {
            ByteArrayOutputStream start = new ByteArrayOutputStream();
            try (OutputStream out = gzip ? gzip(start) : zstd(start)) {
                out.write(new RawTar()
                        .entry('0', "zeros", "", String.format("%011o\0", 8 * GIB - 1), new byte[0])
                        .cut());
            }
            byte[] member = zeros(gzip, 4 << 20);
            InputStream layer = new SequenceInputStream(
                    new ByteArrayInputStream(start.toByteArray()), repeated(member, 10 * GIB / (4 << 20)));
            assertRefused(layer, "more than 100 times as large");
            assertThat(onDisk()).isLessThan(128 << 20);
            assertThat(member.length).isLessThan(1 << 17);
        }
    }

    private static byte[] zeros(boolean gzip, int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = gzip ? gzip(bytes) : zstd(bytes)) {
            out.write(new byte[length]);
        }
        return bytes.toByteArray();
    }

    @Test
    void zeros_that_are_no_bomb_are_unpacked() throws IOException {
        for (byte[] layer : List.of(bomb(16 << 20, HostileLayersTest::gzip), bomb(16 << 20, HostileLayersTest::zstd))) {
            assertThat(unpacked(layer).resolve("zeros")).hasSize(16 << 20);
        }
    }

    @Test
    void zeros_after_the_end_are_limited() {
        assertRefused(
                new SequenceInputStream(
                        new ByteArrayInputStream(new RawTar().file("f", "x").end()), repeated(new byte[512], GIB)),
                "zeros follow its end");
    }

    @Test
    void a_file_that_the_disk_has_no_room_for_is_refused_before_it_is_written() throws IOException {
        long size = Files.getFileStore(directory).getUsableSpace() * 2;
        byte[] field = new byte[12];
        field[0] = (byte) 0x80;
        for (int i = 0; i < 8; i++) {
            field[4 + i] = (byte) (size >>> (56 - 8 * i));
        }
        InputStream layer = new SequenceInputStream(
                new ByteArrayInputStream(
                        new RawTar().header('0', "f", "", field).cut()),
                repeated(new byte[1 << 16], size));
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> LayerUnpacker.unpack(
                        layer, directory.resolve("full"), "the layer", new LayerLimits(Long.MAX_VALUE, 10, 100)))
                .withMessageContaining("No space left on device")
                .satisfies(e -> assertThat(e.hint()).isPresent());
        assertThat(directory.resolve("full")).isEmptyDirectory();
    }

    @Test
    void a_zstd_frame_that_wants_much_memory_is_refused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZstdOutputStream out = new ZstdOutputStream(bytes, 1)) {
            out.setLong(27);
            byte[] tar = new RawTar().file("f", "x").end();
            for (int i = 0; i < 1000; i++) {
                out.write(tar);
            }
        }
        assertRefused(bytes.toByteArray(), "compression is damaged");
    }

    // What follows the end

    @Test
    void garbage_after_the_end_is_refused() throws IOException {
        byte[] tar = new RawTar().file("f", "x").end();
        byte[] second = new RawTar().file("evil", "x").end();
        assertRefused(joined(tar, second), "something follows its end");
        for (boolean gzip : new boolean[] {true, false}) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream out = gzip ? gzip(packed) : zstd(packed)) {
                out.write(tar);
            }
            for (byte[] garbage :
                    List.of(new byte[] {1}, "garbage that is long enough".getBytes(StandardCharsets.UTF_8), second)) {
                assertRefused(joined(packed.toByteArray(), garbage), "compression is damaged");
            }
        }
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @Test
    void an_archive_without_its_end_is_refused() {
        assertRefused(new RawTar().file("f", "x").cut(), "cut off");
        assertRefused(new byte[0], "cut off");
        assertRefused(new byte[100], "cut off");
        byte[] noTar = new byte[2048];
        Arrays.fill(noTar, (byte) 'a');
        assertRefused(noTar, "is damaged");
    }

    // Kinds

    @Test
    void whiteouts_are_refused() {
        for (String name : List.of(".wh.f", "d/.wh.f", ".wh..wh..opq", ".wh...", "d/.wh./x", ".wh.")) {
            assertRefused(new RawTar().file(name, "").end(), "whiteout");
        }
    }

    @Test
    void owners_and_set_id_bits_are_left_out() throws IOException {
        Path file = unpacked(new RawTar().file("f", "x").end()).resolve("f");
        assertThat((int) Files.getAttribute(file, "unix:mode") & 07000).isZero();
        assertThat(Files.getPosixFilePermissions(file))
                .contains(PosixFilePermission.OWNER_EXECUTE)
                .doesNotContain(PosixFilePermission.OTHERS_WRITE);
    }

    @Test
    void content_of_what_is_no_file_is_refused() {
        for (char type : new char[] {'1', '2', '3', '4', '5', '6', 'V', 'M', 'D', 'Z'}) {
            assertRefused(
                    new RawTar()
                            .file("a", "x")
                            .entry(type, "f", "a", new byte[10])
                            .end(),
                    "though it is no file");
        }
        assertRefused(new RawTar().file("f/", "x").end(), "though it is no file");
    }

    @Test
    void links_into_another_layer_are_refused() throws IOException {
        Path lower = unpacked(new RawTar().file("f", "x").link('2', "d", "e").end());
        assertRefused(new RawTar().link('1', "g", "f").end(), "no other file of the layer");
        assertRefused(
                new RawTar().link('1', "g", "../" + lower.getFileName() + "/f").end(), "out of the target");
        assertRefused(
                new RawTar()
                        .file("a/f", "x")
                        .link('2', "s", "a")
                        .link('1', "g", "s/f")
                        .end(),
                "no other file of the layer");
    }

    @Test
    void names_that_differ_in_case_only_are_two_files_or_refused() throws IOException {
        byte[] layer = new RawTar().file("NAME", "upper").file("name", "lower").end();
        if (isCaseSensitive()) {
            Path tree = unpacked(layer);
            assertThat(tree.resolve("NAME")).hasContent("upper");
            assertThat(tree.resolve("name")).hasContent("lower");
        } else {
            assertRefused(layer, "takes both for one");
        }
    }

    private boolean isCaseSensitive() throws IOException {
        Files.createFile(directory.resolve("case"));
        return !Files.exists(directory.resolve("CASE"));
    }

    // A peer

    @Test
    @Peer("tar")
    void of_entries_with_one_name_the_last_stands_as_with_gnu_tar() throws IOException {
        byte[] layer = new RawTar()
                .file("f", "first")
                .file("./f", "second")
                .link('2', "l", "f")
                .file("l", "file")
                .file("x", "x")
                .link('1', "x2", "x")
                .file("x2", "own")
                .end();
        Path ours = unpacked(layer);
        Path theirs = Files.createDirectory(directory.resolve("theirs"));
        Command.output("tar", "-C", theirs, "-xf", Files.write(directory.resolve("t.tar"), layer));
        for (String name : List.of("f", "l", "x", "x2")) {
            assertThat(ours.resolve(name)).as(name).hasSameTextualContentAs(theirs.resolve(name));
        }
        assertThat(ours.resolve("l")).isRegularFile().hasContent("file");
        assertThat(ours.resolve("x")).hasContent("x");
    }
}
