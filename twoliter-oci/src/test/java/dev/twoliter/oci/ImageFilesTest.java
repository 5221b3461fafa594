package dev.twoliter.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.FormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an image has in a directory. */
class ImageFilesTest {
    @TempDir
    Path directory;

    private List<String> files(String wanted, TarLayer... layers) throws IOException {
        ImageBuilder builder = ImageBuilder.forArch(Arch.X86_64);
        for (int i = 0; i < layers.length; i++) {
            builder.addLayer(layers[i].writeTo(directory.resolve("layer" + i)));
        }
        MemoryRepository repository = new MemoryRepository();
        Descriptor image = builder.build().pushTo(repository);
        List<String> shown = new ArrayList<>();
        StoredImage.find(repository, image.digest().toString(), new Platform("linux", "amd64"))
                .readFiles(
                        wanted,
                        (file, content) -> shown.add(file.kind() + " " + file.path()
                                + (file.target().isEmpty() ? "" : " -> " + file.target())
                                + (file.size() > 0 ? " " + new String(content.readAllBytes(), UTF_8) : "")));
        return shown;
    }

    private static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }

    private static TarLayer layer() {
        return TarLayer.at(0);
    }

    @Test
    void only_the_directory_is_shown_with_links() throws IOException {
        assertThat(files(
                        "toolchain",
                        layer().file("toolchain/bin/cc", text("compiler"), 0755)
                                .symlink("toolchain/bin/gcc", "cc")
                                .file("toolchains/other", text("x"), 0644)
                                .file("usr/bin/sh", text("x"), 0755)))
                .filteredOn(shown -> !shown.startsWith("DIRECTORY"))
                .containsExactly("FILE toolchain/bin/cc compiler", "SYMLINK toolchain/bin/gcc -> cc");
    }

    @Test
    void a_higher_layer_hides_and_removes_what_is_below() throws IOException {
        List<String> shown = files(
                "d",
                layer().file("d/kept", text("1"), 0644)
                        .file("d/replaced", text("old"), 0644)
                        .file("d/removed/file", text("2"), 0644)
                        .file("d/emptied/old", text("3"), 0644)
                        .file("d/becomes-file/inner", text("4"), 0644),
                layer().file("d/replaced", text("new"), 0644)
                        .file("d/.wh.removed", text(""), 0644)
                        .file("d/emptied/.wh..wh..opq", text(""), 0644)
                        .file("d/emptied/young", text("5"), 0644)
                        .file("d/becomes-file", text("6"), 0644));

        assertThat(shown)
                .filteredOn(one -> one.startsWith("FILE"))
                .containsExactlyInAnyOrder(
                        "FILE d/replaced new", "FILE d/emptied/young 5", "FILE d/becomes-file 6", "FILE d/kept 1");
    }

    @Test
    void a_directory_that_was_removed_whole_is_not_shown() throws IOException {
        assertThat(files("d/e", layer().file("d/e/file", text("1"), 0644), layer().file(".wh.d", text(""), 0644)))
                .isEmpty();
    }

    @Test
    void names_that_lead_out_of_the_image_are_refused() {
        byte[] hostile = new RawTar().file("d/../../etc/passwd", "x").end();

        assertThatThrownBy(() ->
                        new ImageFiles("d", (file, content) -> {}).read(new ByteArrayInputStream(hostile), "layer"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("leads out of it");
    }
}
