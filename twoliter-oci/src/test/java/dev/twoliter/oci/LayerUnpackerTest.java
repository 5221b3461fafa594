package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.luben.zstd.Zstd;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.VerificationException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
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

    private interface Entries {
        void writeTo(TarArchiveOutputStream tar) throws IOException;
    }

    private static byte[] tar(Entries entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            entries.writeTo(tar);
        }
        return bytes.toByteArray();
    }

    private static void file(TarArchiveOutputStream tar, String name, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void special(TarArchiveOutputStream tar, String name, byte type, String link) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
        entry.setLinkName(link);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private Path unpack(String name, byte[] layer) {
        Path target = directory.resolve(name);
        LayerUnpacker.unpack(new ByteArrayInputStream(layer), target, "the layer");
        return target;
    }

    private static TreeMap<String, String> listing(Path root) throws IOException {
        TreeMap<String, String> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(root)) {
            for (Path path : found.toList()) {
                files.put(
                        root.relativize(path).toString(),
                        Files.isSymbolicLink(path)
                                ? "-> " + Files.readSymbolicLink(path)
                                : Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? "/" : Files.readString(path));
            }
        }
        return files;
    }

    private static byte[] kit() throws IOException {
        return tar(tar -> {
            special(tar, "kits/", TarConstants.LF_DIR, "");
            file(tar, "kits/demo/repodata/repomd.xml", "<repomd/>");
            file(tar, "./kits/demo/Packages/a/" + "n".repeat(150) + ".rpm", "rpm");
            special(tar, "repodata", TarConstants.LF_SYMLINK, "kits/demo/repodata");
            special(tar, "again.xml", TarConstants.LF_LINK, "kits/demo/repodata/repomd.xml");
        });
    }

    @Test
    void plain_gzip_and_zstd_layers_give_the_same_tree() throws IOException {
        TreeMap<String, String> plain = listing(unpack("plain", kit()));
        assertThat(plain)
                .containsEntry("kits/demo/repodata/repomd.xml", "<repomd/>")
                .containsEntry("repodata", "-> kits/demo/repodata")
                .containsEntry("again.xml", "<repomd/>")
                .containsKey("kits/demo/Packages/a/" + "n".repeat(150) + ".rpm");
        assertThat(listing(unpack("gzip", gzip(kit())))).isEqualTo(plain);
        assertThat(listing(unpack("zstd", Zstd.compress(kit())))).isEqualTo(plain);
    }

    @Test
    void a_layer_of_ours_is_what_it_was_made_of() throws IOException {
        Layer layer = TarLayer.at(0)
                .file("etc/deep/file", "text".getBytes(StandardCharsets.UTF_8), 0644)
                .symlink("link", "etc/deep")
                .writeTo(directory.resolve("ours.tar"));
        assertThat(Digest.ofBytes(Files.readAllBytes(layer.file()))).isEqualTo(layer.diffId());
        assertThat(listing(unpack("ours", Files.readAllBytes(layer.file()))))
                .containsEntry("etc/deep/file", "text")
                .containsEntry("link", "-> etc/deep");
        assertThatThrownBy(() -> TarLayer.at(0).file("a", new byte[0], 0644).file("a/b", new byte[0], 0644))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void refused(Entries entries, String message) throws IOException {
        byte[] layer = tar(entries);
        Path inner = directory.resolve("inner/most");
        Throwable thrown =
                catchThrowable(() -> LayerUnpacker.unpack(new ByteArrayInputStream(layer), inner, "the layer"));
        assertThat(thrown).isInstanceOf(FormatException.class).hasMessageContaining(message);
        assertThat(directory.resolve("escaped")).doesNotExist();
        assertThat(directory.resolve("inner/escaped")).doesNotExist();
    }

    @Test
    void nothing_is_written_outside_the_target() throws IOException {
        refused(tar -> file(tar, "../escaped", "x"), "'../escaped' leads out");
        refused(tar -> file(tar, "a/../../escaped", "x"), "leads out");
        refused(tar -> file(tar, directory.resolve("escaped").toString(), "x"), "no layer may have");
        refused(tar -> special(tar, "l", TarConstants.LF_SYMLINK, "../escaped"), "leads out");
        refused(tar -> special(tar, "l", TarConstants.LF_SYMLINK, "/etc"), "not a relative path");
        refused(tar -> special(tar, "a/l", TarConstants.LF_SYMLINK, "../../escaped"), "leads out");
        refused(
                tar -> {
                    special(tar, "d", TarConstants.LF_SYMLINK, "e");
                    file(tar, "d/file", "x");
                },
                "through the symbolic link d");
        refused(tar -> special(tar, "h", TarConstants.LF_LINK, "../../../etc/passwd"), "leads out");
        refused(
                tar -> {
                    special(tar, "s", TarConstants.LF_SYMLINK, "t");
                    special(tar, "h", TarConstants.LF_LINK, "s");
                },
                "no file of the layer");
        refused(tar -> special(tar, "dev", TarConstants.LF_CHR, ""), "device");
        refused(tar -> special(tar, "pipe", TarConstants.LF_FIFO, ""), "device");
        refused(
                tar -> {
                    file(tar, "f", "x");
                    file(tar, "f/b", "x");
                },
                "which is no directory");
    }

    @Test
    void a_name_of_a_gigabyte_is_refused_before_it_is_read() throws IOException {
        byte[] header =
                Arrays.copyOf(tar(tar -> special(tar, "././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME, "")), 512);
        byte[] size = "10000000000\0".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, header, 124, size.length);
        org.apache.commons.compress.archivers.tar.TarUtils.formatCheckSumOctalBytes(checksum(header), header, 148, 8);
        InputStream endless = new java.io.SequenceInputStream(new ByteArrayInputStream(header), new InputStream() {
            @Override
            public int read() {
                return 'a';
            }
        });
        assertThatThrownBy(() -> LayerUnpacker.unpack(endless, directory.resolve("x"), "the layer"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("longer name");
    }

    private static long checksum(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        long sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        return sum;
    }

    @Test
    void damage_anywhere_is_a_format_error_or_none() throws IOException {
        for (byte[] whole : new byte[][] {kit(), gzip(kit()), Zstd.compress(kit())}) {
            int step = Math.max(1, whole.length / 150);
            for (int at = 0; at < whole.length; at += step) {
                byte[] flipped = whole.clone();
                flipped[at] ^= 0x21;
                onlyFormatErrors(flipped);
                onlyFormatErrors(Arrays.copyOf(whole, at));
            }
        }
    }

    private void onlyFormatErrors(byte[] layer) throws IOException {
        Path target = Files.createTempDirectory(directory, "t");
        Throwable thrown =
                catchThrowable(() -> LayerUnpacker.unpack(new ByteArrayInputStream(layer), target, "the layer"));
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(FormatException.class).hasMessageContaining("the layer");
        }
    }

    @Test
    void what_is_no_tar_is_refused() {
        assertThatThrownBy(() -> unpack("a", new byte[0])).isInstanceOf(FormatException.class);
        assertThatThrownBy(() -> unpack("b", "hello".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(FormatException.class);
    }

    @Test
    void a_byte_flipped_behind_the_end_of_the_tar_is_noticed() throws IOException {
        byte[] layer = Arrays.copyOf(kit(), 40_960);
        Descriptor descriptor = Descriptor.of(MediaTypes.LAYER_TAR, layer);
        layer[40_000] = 1;
        InputStream verified = new VerifyingStream(new ByteArrayInputStream(layer), descriptor, "a blob");
        assertThatThrownBy(() -> LayerUnpacker.unpack(verified, directory.resolve("v"), "the layer"))
                .isInstanceOf(VerificationException.class);
    }
}
