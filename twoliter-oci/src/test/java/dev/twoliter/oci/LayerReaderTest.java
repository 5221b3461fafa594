package dev.twoliter.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.luben.zstd.Zstd;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.VerificationException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerReaderTest {

    @TempDir
    Path directory;

    private byte[] tar() throws IOException {
        Layer layer = TarLayer.at(0)
                .file("a/first", "one".getBytes(UTF_8), 0644)
                .file("b/second", "two".getBytes(UTF_8), 0644)
                .symlink("c", "a/first")
                .writeTo(directory.resolve("layer.tar"));
        return Files.readAllBytes(layer.file());
    }

    private static byte[] gzip(byte[] tar) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(tar);
        }
        return out.toByteArray();
    }

    private static List<String> files(byte[] layer) {
        List<String> found = new ArrayList<>();
        LayerReader.read(new ByteArrayInputStream(layer), "the layer", (name, content) -> {
            found.add(name + "=" + new String(content.readAllBytes(), UTF_8));
            return true;
        });
        return found;
    }

    @Test
    void files_are_shown_in_order_however_the_layer_is_compressed() throws IOException {
        byte[] tar = tar();
        for (byte[] layer : List.of(tar, gzip(tar), Zstd.compress(tar))) {
            assertThat(files(layer)).containsExactly("a/first=one", "b/second=two");
        }
    }

    @Test
    void a_visitor_that_has_seen_enough_ends_it_and_one_that_has_not_sees_a_wrong_digest() throws IOException {
        byte[] tar = tar();
        Descriptor wrong = Descriptor.of(MediaTypes.LAYER_TAR, Arrays.copyOf(tar, tar.length));
        tar[new String(tar, UTF_8).indexOf("one")] = 'O';
        List<String> seen = new ArrayList<>();

        LayerReader.read(new ByteArrayInputStream(tar), "the layer", (name, content) -> !seen.add(name));

        assertThat(seen).containsExactly("a/first");
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> LayerReader.read(
                        new VerifyingStream(new ByteArrayInputStream(tar), wrong, "the layer"),
                        "the layer",
                        (name, content) -> true));
    }

    @Test
    void damaged_layers_are_refused_and_named() throws IOException {
        byte[] tar = tar();
        for (byte[] whole : List.of(tar, gzip(tar), Zstd.compress(tar))) {
            for (int length = 1; length < whole.length - 1024; length += 97) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThatExceptionOfType(FormatException.class)
                        .isThrownBy(() -> files(cut))
                        .withMessageContaining("the layer");
            }
        }
        byte[] noGzip = {0x1f, (byte) 0x8b, 99, 0, 0, 0, 0, 0, 0, 0, 0};
        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> files(noGzip));
        byte[] cutHeader = {0x1f, (byte) 0x8b, 8};
        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> files(cutHeader));
    }
}
